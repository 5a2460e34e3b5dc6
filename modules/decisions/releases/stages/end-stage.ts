import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { DecisionsContext } from '../../context.ts';
import type { StageRow } from '../../store/tables.ts';
import { closeStage, findStage, runningStage } from './stage-rows.ts';

/** Why a stage is over. */
type Because = 'ended' | 'expired' | 'promoted' | 'superseded' | 'withdrawn';

/** Ends a stage with its evidence, in the caller’s transaction; `undefined`: it had ended before. */
export async function endStageIn(
  { tenant, ledger }: DecisionsContext,
  tx: Db,
  {
    row,
    because,
    act,
  }: {
    readonly row: StageRow;
    readonly because: Because;
    /** Whoever ends it by hand. */
    readonly act?: {
      readonly actor: Id<'stf'>;
      readonly reason: string;
      readonly decisionEvidenceId: Id<'evt'>;
    };
  },
): Promise<Id<'evt'> | undefined> {
  if (!(await closeStage(tx, tenant, row.stage_id))) return undefined;
  return ledger.record(tx, {
    kind: 'policy.stage-ended',
    causes: [row.evidence_id, ...(act ? [act.decisionEvidenceId] : [])],
    refs: { candidateId: row.candidate_id, stageId: row.stage_id },
    ...(act && { subjects: { actor: act.actor } }),
    facts: {
      stageId: row.stage_id,
      revision: row.revision,
      digest: row.digest,
      baseSequence: row.base_sequence,
      because,
      isOver: true,
    },
    ...(act && {
      personal: [{ subject: act.actor, retention: 'access', fields: { reason: act.reason } }],
    }),
  });
}

/** Ends whatever stage runs because something else became live, in that transaction. */
export async function endStageBy(
  context: DecisionsContext,
  tx: Db,
  candidateId: string | undefined,
): Promise<void> {
  const row = await runningStage(tx, context.tenant);
  if (!row) return;
  const because = row.candidate_id === candidateId ? 'promoted' : 'superseded';
  await endStageIn(context, tx, { row, because });
}

/**
 * Lets the live release decide for everybody again: one person’s act, as a rollback is, since it goes
 * back to what two people have made live.
 *
 * @throws ProblemError `policy.unknown`, `policy.moved-on` when it had ended before
 */
export async function endStage(
  context: DecisionsContext,
  {
    stageId,
    ...act
  }: {
    readonly actor: Id<'stf'>;
    readonly stageId: Id<'stg'>;
    readonly reason: string;
    readonly decisionEvidenceId: Id<'evt'>;
  },
): Promise<void> {
  const evidenceId = await context.storage.transaction(async (tx) => {
    const row = await findStage(tx, context.tenant, stageId);
    if (!row) throw new ProblemError('policy.unknown');
    return endStageIn(context, tx, { row, because: 'ended', act });
  });
  if (!evidenceId) throw new ProblemError('policy.moved-on');
  context.stages.set(undefined, context.clock.now());
  await context.ledger.durable(evidenceId);
}
