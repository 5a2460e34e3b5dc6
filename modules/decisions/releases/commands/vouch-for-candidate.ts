import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { checkCandidate, personBehind, vouchStatementOf } from '../domain/verify-candidate.ts';
import { tampered, UnsoundRelease } from '../domain/verify-release.ts';
import { findCandidate, writeVouching } from '../store/candidate-rows.ts';
import { requireOpen } from './is-open.ts';

/**
 * A person answers for what a program proposed: without one nobody makes it live, and whoever
 * vouched does not either. It is signed with the content that they looked at.
 *
 * @throws ProblemError `policy.unknown`, `policy.unsound`, `policy.moved-on`, `candidate.closed`,
 *   `candidate.vouched`
 */
export async function vouchForCandidate(
  context: DecisionsContext,
  vouching: {
    readonly actor: Id<'stf'>;
    readonly candidateId: Id<'pcd'>;
    readonly digest: string;
    readonly decisionEvidenceId: Id<'evt'>;
  },
): Promise<CandidateRow> {
  const { tenant, storage, ledger } = context;
  const { actor, candidateId, digest } = vouching;
  const row = await findCandidate(storage.db, tenant, candidateId);
  if (!row) throw new ProblemError('policy.unknown');
  await requireVouchable(context, row);
  if (row.digest !== digest) throw new ProblemError('policy.moved-on');
  const written = await storage.transaction(async (tx) => {
    const evidenceId = await ledger.record(tx, {
      kind: 'policy.vouched',
      // Minted by the ledger when it was proposed.
      causes: [row.evidence_id as Id<'evt'>, vouching.decisionEvidenceId],
      refs: { candidateId },
      subjects: {
        actor,
        ...(row.proposed_by !== 'files' && { proposedBy: row.proposed_by }),
      },
      facts: { digest, casesDigest: row.cases_digest, baseSequence: row.base_sequence },
    });
    const statement = vouchStatementOf(row, { vouchedBy: actor, evidenceId });
    const signed = context.releases.signer.signVouch(statement);
    const kept = await writeVouching(tx, row, {
      vouched_by: actor,
      vouched_at: new Date(context.clock.now()),
      vouch_evidence_id: evidenceId,
      vouch_key_id: signed.keyId,
      vouch_signature: signed.signature,
    });
    // Somebody was faster; then nothing is told either.
    if (!kept) throw new ProblemError('candidate.vouched');
    return { kept, evidenceId };
  });
  await ledger.durable(written.evidenceId);
  return written.kept;
}

async function requireVouchable(context: DecisionsContext, row: CandidateRow): Promise<void> {
  try {
    checkCandidate(row, context.releases.signer);
  } catch (error) {
    if (error instanceof UnsoundRelease) throw tampered(error);
    throw error;
  }
  await requireOpen(context, row);
  if (personBehind(row) !== undefined) throw new ProblemError('candidate.vouched');
  const live = context.release().ref.sequence;
  if (row.base_sequence !== live) throw new ProblemError('policy.moved-on');
}
