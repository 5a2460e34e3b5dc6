import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { CurrentRelease } from '../domain/current-release.ts';
import { closeCandidate } from '../store/candidate-rows.ts';
import { factsOfDropped } from '../domain/compare-promises.ts';
import { readyCandidate, type Promotion } from './ready-candidate.ts';
import { writeRelease } from './write-release.ts';

/**
 * Makes a candidate live, for everybody. Its stage, where it has one, ends with that.
 *
 * @throws ProblemError as `readyCandidate`
 */
export async function promoteCandidate(
  context: DecisionsContext,
  promotion: Promotion,
): Promise<CurrentRelease> {
  const { candidateId, actor } = promotion;
  const { row, set, outcome, invariants, dropped, live } = await readyCandidate(context, promotion);
  const written = await context.storage.transaction(async (tx) => {
    const at = new Date(context.clock.now());
    const closed = await closeCandidate(tx, context.tenant, { candidateId, state: 'promoted', at });
    if (!closed) throw new ProblemError('candidate.closed');
    return writeRelease(context, tx, {
      set,
      text: row.text,
      cases: row.cases,
      origin: 'candidate',
      isProved: true,
      candidateId,
      releasedBy: actor,
      follows: live.ref,
      draft: {
        kind: 'policy.promoted',
        // Minted by the ledger when it was proposed.
        causes: [row.evidence_id as Id<'evt'>, promotion.decisionEvidenceId],
        refs: { candidateId },
        subjects: {
          actor,
          ...(row.proposed_by !== 'files' && { proposedBy: row.proposed_by }),
          ...(row.vouched_by !== null && { vouchedBy: row.vouched_by }),
        },
        facts: {
          casesPassed: outcome.passed,
          invariants,
          baseSequence: row.base_sequence,
          ...factsOfDropped(dropped),
        },
      },
    });
  });
  context.setRelease(written);
  await context.ledger.durable(written.evidenceId);
  return written;
}
