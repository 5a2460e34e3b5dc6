import { sha256Base64url } from '@proofline/kernel/node';
import type { CandidateRow } from '../../store/tables.ts';
import type { CandidateStatement, ReleaseSigner } from './release-signer.ts';
import { UnsoundRelease } from './verify-release.ts';

/** Whether a row is what was proposed, by whom it says: nobody can exchange the author of a candidate. */
export function isAsProposed(row: CandidateRow, signer: ReleaseSigner): boolean {
  const { key_id: keyId, signature } = row;
  if (keyId === null || signature === null) return false;
  return signer.verifiesCandidate(candidateStatementOf(row), { keyId, signature });
}

/** Throws {@link UnsoundRelease} unless the row is what was proposed. */
export function checkCandidate(row: CandidateRow, signer: ReleaseSigner): void {
  if (isAsProposed(row, signer)) return;
  throw new UnsoundRelease(
    `Candidate ${row.candidate_id} is not what was proposed: its row was changed, or it is from before candidates were signed. Propose it again.`,
  );
}

/** What the signature of a candidate is over. */
export function candidateStatementOf(
  row: Pick<
    CandidateRow,
    'tenant' | 'candidate_id' | 'digest' | 'cases' | 'base_sequence' | 'proposed_by' | 'evidence_id'
  >,
): CandidateStatement {
  return {
    tenant: row.tenant,
    candidateId: row.candidate_id,
    digest: row.digest,
    casesDigest: sha256Base64url(row.cases),
    baseSequence: row.base_sequence,
    proposedBy: row.proposed_by,
    evidenceId: row.evidence_id,
  };
}
