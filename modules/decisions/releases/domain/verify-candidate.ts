import { isId, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { CandidateRow } from '../../store/tables.ts';
import type { CandidateStatement, ReleaseSigner, VouchStatement } from './release-signer.ts';
import { UnsoundRelease } from './verify-release.ts';

/**
 * Whether a row is what was proposed, by whom it says, and vouched for by whom it says: nobody can
 * exchange either.
 */
export function isAsProposed(row: CandidateRow, signer: ReleaseSigner): boolean {
  const { key_id: keyId, signature } = row;
  if (keyId === null || signature === null) return false;
  const isProposed = signer.verifiesCandidate(candidateStatementOf(row), { keyId, signature });
  return isProposed && (row.vouched_by === null || isVouched(row, signer));
}

/** Throws {@link UnsoundRelease} unless the row is what was proposed, and vouched for. */
export function checkCandidate(row: CandidateRow, signer: ReleaseSigner): void {
  if (isAsProposed(row, signer)) return;
  throw new UnsoundRelease(
    `Candidate ${row.candidate_id} is not what was proposed: its row was changed, or it is from before candidates were signed. Propose it again.`,
  );
}

/**
 * The person who answers for a candidate: its author, or whoever vouched for what a program or the
 * server’s folder proposed. It takes another one to make it live.
 */
export function personBehind(
  row: Pick<CandidateRow, 'proposed_by' | 'vouched_by'>,
): Id<'stf'> | undefined {
  const person = isId('stf', row.proposed_by) ? row.proposed_by : row.vouched_by;
  return isId('stf', person) ? person : undefined;
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

/** What the signature of a vouching is over. */
export function vouchStatementOf(
  row: Pick<CandidateRow, 'tenant' | 'candidate_id' | 'digest' | 'cases'>,
  vouching: Pick<VouchStatement, 'vouchedBy' | 'evidenceId'>,
): VouchStatement {
  return {
    tenant: row.tenant,
    candidateId: row.candidate_id,
    digest: row.digest,
    casesDigest: sha256Base64url(row.cases),
    ...vouching,
  };
}

function isVouched(row: CandidateRow, signer: ReleaseSigner): boolean {
  const { vouched_by: vouchedBy, vouch_key_id: keyId, vouch_signature: signature } = row;
  const { vouch_evidence_id: evidenceId } = row;
  if (vouchedBy === null || evidenceId === null || keyId === null || signature === null) {
    return false;
  }
  return signer.verifiesVouch(vouchStatementOf(row, { vouchedBy, evidenceId }), {
    keyId,
    signature,
  });
}
