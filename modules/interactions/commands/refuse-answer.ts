import type { Id } from '@proofline/kernel';
import { ProblemError, type ProblemCode } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Tell } from '../commit.ts';
import type { Context } from '../context.ts';
import type { Verdict } from '../domain/check.ts';
import { fits, type RequestKey } from '../domain/request-key.ts';
import type { InteractionRow } from '../store/interaction-rows.ts';
import type { ProofRequestRow } from '../store/proof-request-rows.ts';
import { closeRequest, recordRefusal } from './close-request.ts';

/**
 * Carries out a verdict over a customer's answer, in the transaction that judged it, and says which
 * problem to answer with afterwards: thrown inside, the transaction would take the entry along.
 */
export async function refuseAnswer(
  context: Context,
  tx: Db,
  refused: { readonly request: ProofRequestRow; readonly verdict: Verdict; readonly tell: Tell },
): Promise<ProblemCode> {
  const { request, verdict, tell } = refused;
  const { because } = verdict;
  if (verdict.consequence === 'end') {
    await closeRequest(context, tx, { request, because, tell });
  } else if (await context.rows.requests.countLateAttempt(tx, request.proofRequestId)) {
    await recordRefusal(context, tx, { request, because });
  }
  return verdict.problem;
}

/** Which request somebody means, and what lets them at it. */
export interface Approach {
  readonly proofRequestId: Id<'prq'>;
  readonly key: RequestKey;
}

/**
 * A request, for who has its key. A wrong key, none, and an id that was never given out look like a
 * request that is long closed, and leave no entry: an entry would be work that tells them apart.
 */
export async function findForKey(
  context: Context,
  db: Db,
  { proofRequestId, key }: Approach,
): Promise<ProofRequestRow> {
  const request = await context.rows.requests.find(db, proofRequestId);
  if (!fits(key, request) || !request) throw new ProblemError('proof.closed');
  return request;
}

/** {@link findForKey}, and the request's call. */
export async function findWithCall(
  context: Context,
  db: Db,
  approach: Approach,
): Promise<{ request: ProofRequestRow; call: InteractionRow | undefined }> {
  const request = await findForKey(context, db, approach);
  const call = await context.rows.interactions.find(db, request.interactionId);
  return { request, call };
}
