import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
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
  return context.storage.transaction(async (tx) => {
    const row = await findCandidate(tx, context.tenant, candidateId);
    if (!row) throw new ProblemError('policy.unknown');
    const at = new Date(context.clock.now());
    const closed = await closeCandidate(tx, context.tenant, {
      candidateId,
      state: 'withdrawn',
      at,
    });
    if (!closed) throw new ProblemError('candidate.closed');
    await context.ledger.record(tx, {
      kind: 'policy.withdrawn',
      // Minted by the ledger when it was proposed.
      causes: [row.evidence_id as Id<'evt'>, decisionEvidenceId],
      refs: { candidateId },
      subjects: { actor },
      facts: { digest: row.digest },
    });
    return closed;
  });
}
