import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { endStageIn } from '../stages/end-stage.ts';
import { runningStage } from '../stages/stage-rows.ts';
import { closeCandidate, findCandidate } from '../store/candidate-rows.ts';

/** Closes a candidate for good. @throws ProblemError `policy.unknown`, `candidate.closed` */
export async function withdrawCandidate(
  context: DecisionsContext,
  {
    actor,
    candidateId,
    decisionEvidenceId,
  }: {
    readonly actor: Id<'stf'>;
    readonly candidateId: Id<'pcd'>;
    readonly decisionEvidenceId: Id<'evt'>;
  },
): Promise<CandidateRow> {
  const closed = await context.storage.transaction(async (tx) => {
    const row = await findCandidate(tx, context.tenant, candidateId);
    if (!row) throw new ProblemError('policy.unknown');
    const at = new Date(context.clock.now());
    const written = await closeCandidate(tx, context.tenant, {
      candidateId,
      state: 'withdrawn',
      at,
    });
    if (!written) throw new ProblemError('candidate.closed');
    const stage = await runningStage(tx, context.tenant);
    if (stage?.candidate_id === candidateId) {
      await endStageIn(context, tx, { row: stage, because: 'withdrawn' });
    }
    const evidenceId = await context.ledger.record(tx, {
      kind: 'policy.withdrawn',
      // Minted by the ledger when it was proposed.
      causes: [row.evidence_id as Id<'evt'>, decisionEvidenceId],
      refs: { candidateId },
      subjects: { actor },
      facts: { digest: row.digest },
    });
    return { written, evidenceId };
  });
  if (context.stages.taken?.candidateId === candidateId) {
    context.stages.set(undefined, context.clock.now());
  }
  // Only what the log holds keeps it closed, whoever sets its row back.
  await context.ledger.durable(closed.evidenceId);
  return closed.written;
}
