import { ProblemError } from '@proofline/protocol';
import { commit } from '../commit.ts';
import type { Context } from '../context.ts';
import { judge } from '../domain/check.ts';
import { declineTable } from '../domain/proof-pipeline.ts';
import { closeRequest } from './close-request.ts';
import { findWithCall, refuseAnswer, type Approach } from './refuse-answer.ts';

/** “This is not me”, or “not now”: whoever the message came to may always say no. */
export async function declineProof(
  context: Context,
  input: Approach & { readonly because: 'not-me' | 'not-now' },
): Promise<void> {
  const problem = await commit(context, async (tx, tell) => {
    const { request, call } = await findWithCall(context, tx, input);
    const facts = { nowMs: context.clock.now(), request, call };
    const verdict = judge(declineTable, request.startedBy, facts);
    if (verdict) return refuseAnswer(context, tx, { request, verdict, tell });
    await closeRequest(context, tx, { request, because: input.because, tell });
    return undefined;
  });
  if (problem) throw new ProblemError(problem);
}
