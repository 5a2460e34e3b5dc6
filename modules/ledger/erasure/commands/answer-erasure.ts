import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { ErasureContext } from '../context.ts';
import { factsOf, refsOf, type Plan } from '../domain/plan.ts';
import type { ErasureRow } from '../store/erasure-rows.ts';
import { carryOut } from './carry-out.ts';
import { findHolds } from './find-holds.ts';
import { whyNot } from './forecast-erasure.ts';
import { learnLifted } from './lifted-holds.ts';

/** Who answers which request. */
export interface Answering {
  readonly actor: Id<'stf'>;
  readonly erasureId: Id<'ers'>;
  readonly decisionEvidenceId: Id<'evt'>;
}

/**
 * Approves an erasure and begins it. The policies say who may; that nobody approves their own is
 * held here as well, and by the table.
 *
 * @throws ProblemError `erasure.closed`, `erasure.not-yours`, `erasure.held`, `erasure.not-permitted`,
 *   `evidence.unavailable`
 */
export async function approveErasure(
  context: ErasureContext,
  answering: Answering,
): Promise<ErasureRow> {
  const { storage, erasures } = context;
  const found = await findWaiting(context, answering.erasureId);
  if (found.asked_by === answering.actor) throw new ProblemError('erasure.not-yours');
  await learnLifted(context);
  const evidenceId = await answer(context, { found, answering, as: 'approved' });
  await context.writer.durable(evidenceId);
  if (storage.mayErase()) await carryOut(context, answering.erasureId);
  return (await erasures.find(storage.db, answering.erasureId)) ?? found;
}

/**
 * Declines an erasure, or takes one's own back: it stays as it is.
 *
 * @throws ProblemError `erasure.closed`, `evidence.unavailable`
 */
export async function declineErasure(
  context: ErasureContext,
  answering: Answering,
): Promise<ErasureRow> {
  const { storage, erasures } = context;
  const found = await findWaiting(context, answering.erasureId);
  const evidenceId = await answer(context, { found, answering, as: 'declined' });
  await context.writer.durable(evidenceId);
  return (await erasures.find(storage.db, answering.erasureId)) ?? found;
}

async function findWaiting({ erasures, storage }: ErasureContext, erasureId: Id<'ers'>) {
  const found = await erasures.find(storage.db, erasureId);
  if (found?.state !== 'waiting') throw new ProblemError('erasure.closed');
  return found;
}

/** Asked in the transaction that approves: what was placed or published meanwhile comes first. */
async function requirePossible(context: ErasureContext, tx: Db, plan: Plan): Promise<void> {
  const refusal = await whyNot(context, plan, tx);
  if (refusal !== undefined) throw new ProblemError('erasure.not-permitted', { detail: refusal });
  const held = await findHolds(context, tx, plan);
  if (held.length > 0) throw new ProblemError('erasure.held', { detail: held.join(', ') });
}

async function answer(
  context: ErasureContext,
  {
    found,
    answering,
    as,
  }: {
    readonly found: ErasureRow;
    readonly answering: Answering;
    readonly as: 'approved' | 'declined';
  },
): Promise<Id<'evt'>> {
  const { storage, clock, writer, erasures } = context;
  const { actor, erasureId, decisionEvidenceId } = answering;
  const { asked_by: askedBy, basis, plan } = found;
  return storage.transaction(async (tx) => {
    if (as === 'approved') await requirePossible(context, tx, plan);
    const evidenceId = await writer.record(tx, {
      kind: as === 'approved' ? 'erasure.approved' : 'erasure.declined',
      causes: [found.asked_evidence, decisionEvidenceId],
      refs: { erasureId, ...refsOf(plan) },
      subjects: { actor, ...(askedBy !== null && { askedBy }) },
      facts: { basis, ...factsOf(plan) },
    });
    const to = {
      state: as,
      answered_by: actor,
      answered_at: new Date(clock.now()),
      answered_evidence: evidenceId,
    };
    if (!(await erasures.move(tx, { erasureId, from: 'waiting', to }))) {
      throw new ProblemError('erasure.closed');
    }
    return evidenceId;
  });
}
