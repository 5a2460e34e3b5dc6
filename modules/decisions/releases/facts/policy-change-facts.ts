import { isId, type Id } from '@proofline/kernel';
import { CaseOutcome } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { Facts, FactsProvider } from '../../types.ts';
import { isOpen } from '../commands/is-open.ts';
import { isAsProposed, personBehind } from '../domain/verify-candidate.ts';
import { findCandidate } from '../store/candidate-rows.ts';

/** `policyChange`: what stands behind a candidate that somebody wants to vouch for or make live. */
export function policyChangeFacts(context: DecisionsContext): FactsProvider {
  return {
    name: 'policyChange',
    async gather({ resource, subject }): Promise<Facts | undefined> {
      if (resource.type !== 'PolicyCandidate' || !isId('pcd', resource.id)) return undefined;
      const row = await findCandidate(context.storage.db, context.tenant, resource.id);
      // Who wrote the row may have exchanged its author; then nothing is known of the candidate (P7).
      if (!row || !isAsProposed(row, context.releases.signer)) return undefined;
      return {
        values: {
          open: await isOpen(context, row),
          proposedBySubject: row.proposed_by === subject.id,
          vouched: personBehind(row) !== undefined,
          vouchedBySubject: row.vouched_by === subject.id,
          casesPass: CaseOutcome.parse(JSON.parse(row.outcome)).failedCount === 0,
          current: row.base_sequence === context.release().ref.sequence,
        },
        // Minted by the ledger when it was proposed.
        causes: [row.evidence_id as Id<'evt'>],
        refs: { candidateId: resource.id },
      };
    },
  };
}
