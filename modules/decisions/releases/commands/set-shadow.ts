import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { followShadow } from './follow-shadow.ts';
import { findCandidate, setShadow as write } from '../store/candidate-rows.ts';
import { clearDifferences } from '../store/difference-rows.ts';

const HOUR_MS = 3_600_000;

/**
 * Lets a candidate decide beside the live policies for some hours, or (0) no longer. It opens
 * nothing and stops nothing.
 *
 * @throws ProblemError `policy.unknown`, `candidate.closed`
 */
export async function setShadow(
  context: DecisionsContext,
  shadow: {
    readonly actor: Id<'stf'> | Id<'svc'>;
    readonly candidateId: Id<'pcd'>;
    readonly hours: number;
    readonly decisionEvidenceId: Id<'evt'>;
  },
): Promise<CandidateRow> {
  const { candidateId, hours } = shadow;
  const row = await context.storage.transaction(async (tx) => {
    const found = await findCandidate(tx, context.tenant, candidateId);
    if (!found) throw new ProblemError('policy.unknown');
    const since = new Date(context.clock.now());
    const until = hours === 0 ? null : new Date(since.getTime() + hours * HOUR_MS);
    const written = await write(tx, context.tenant, {
      candidateId,
      since: hours === 0 ? null : since,
      until,
    });
    if (!written) throw new ProblemError('candidate.closed');
    const source = { tenant: context.tenant, candidateId, source: 'shadow' };
    if (hours > 0) await clearDifferences(tx, source);
    await context.ledger.record(tx, {
      kind: hours === 0 ? 'policy.shadow-stopped' : 'policy.shadow-started',
      // Minted by the ledger when it was proposed.
      causes: [found.evidence_id as Id<'evt'>, shadow.decisionEvidenceId],
      refs: { candidateId },
      subjects: { actor: shadow.actor },
      facts: {
        digest: found.digest,
        ...(until !== null && { until: until.toISOString() }),
        ...(hours === 0 && { compared: found.shadow_compared, dropped: found.shadow_dropped }),
      },
    });
    return written;
  });
  await followShadow(context);
  return row;
}
