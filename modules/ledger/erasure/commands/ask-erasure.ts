import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type ErasureBasis, type ErasureTarget } from '@proofline/protocol';
import type { ErasureContext } from '../context.ts';
import { factsOf, refsOf } from '../domain/plan.ts';
import type { ErasureRow } from '../store/erasure-rows.ts';
import { findHolds } from './find-holds.ts';
import { whyNot } from './forecast-erasure.ts';
import { learnLifted } from './lifted-holds.ts';
import { resolveTarget } from './resolve-target.ts';

const WAITING_MAX = 20;

/** Who asks for what, and on what ground. */
export interface Asking {
  readonly actor: Id<'stf'>;
  readonly target: ErasureTarget;
  readonly basis: ErasureBasis;
  readonly note: string;
  readonly decisionEvidenceId: Id<'evt'>;
}

/**
 * Asks for an erasure. Nothing is erased before a second person has approved exactly this.
 *
 * @throws ProblemError `erasure.nothing`, `erasure.held`, `erasure.not-permitted`, `erasure.too-many`,
 *   `evidence.unavailable`
 */
export async function askErasure(context: ErasureContext, asking: Asking): Promise<ErasureRow> {
  const { storage, clock, writer, erasures, pseudonyms } = context;
  const { actor, basis, note, decisionEvidenceId } = asking;
  const plan = await resolveTarget(context, asking.target);
  const refusal = await whyNot(context, plan);
  if (refusal !== undefined) throw new ProblemError('erasure.not-permitted', { detail: refusal });
  await learnLifted(context);
  const held = await findHolds(context, storage.db, plan);
  if (held.length > 0) throw new ProblemError('erasure.held', { detail: held.join(', ') });
  const about =
    plan.form === 'fields'
      ? (await pseudonyms.reverse([plan.pseudonym])).get(plan.pseudonym)
      : undefined;
  const row = await storage.transaction(async (tx) => {
    const waiting = await erasures.inStates(tx, ['waiting'], WAITING_MAX);
    if (waiting.length >= WAITING_MAX) throw new ProblemError('erasure.too-many');
    const erasureId = newId('ers', context);
    const askedEvidence = await writer.record(tx, {
      kind: 'erasure.requested',
      causes: [decisionEvidenceId],
      refs: { erasureId, ...refsOf(plan) },
      subjects: { actor },
      facts: { basis, ...factsOf(plan) },
      // Whoever asks may name in their sentence whom it is about: it goes with them.
      personal: [{ subject: about ?? actor, retention: 'access', fields: { note } }],
    });
    const made: ErasureRow = {
      erasure_id: erasureId,
      plan,
      basis,
      state: 'waiting',
      asked_by: actor,
      asked_at: new Date(clock.now()),
      asked_evidence: askedEvidence,
      answered_by: null,
      answered_at: null,
      answered_evidence: null,
      told_at: null,
      effect_evidence: null,
      carried_out_at: null,
    };
    await erasures.insert(tx, made);
    return made;
  });
  await writer.durable(row.asked_evidence);
  return row;
}
