import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { CurrentRelease, DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { compiler } from '../compile/compiler.ts';
import { casesOf, lookOverStored, UnsoundRelease } from '../domain/verify-release.ts';
import { closeCandidate, findCandidate } from '../store/candidate-rows.ts';
import { writeRelease } from './write-release.ts';

interface Promotion {
  readonly actor: Id<'stf'>;
  readonly candidateId: Id<'pcd'>;
  /** What the second person looked at. */
  readonly digest: string;
  readonly liveSequence: number;
  /** The permit’s entry: a cause of this one. */
  readonly decisionEvidenceId: Id<'evt'>;
}

/**
 * Makes a candidate live. The policies have permitted it before; that it is somebody else’s, open,
 * current, and that its cases pass is checked again here, and no policy can take that away: a
 * candidate must not be able to write its own rules of promotion.
 *
 * @throws ProblemError `policy.unknown`, `policy.moved-on`, `policy.unsound`, `candidate.closed`,
 *   `candidate.not-yours`, `candidate.failing`
 */
export async function promoteCandidate(
  context: DecisionsContext,
  promotion: Promotion,
): Promise<CurrentRelease> {
  const { candidateId, actor } = promotion;
  const row = await findCandidate(context.storage.db, context.tenant, candidateId);
  if (!row) throw new ProblemError('policy.unknown');
  const live = context.release();
  checkPromotable(row, promotion, live);
  const { set, outcome } = await compileCandidate(row);
  if (outcome.failedCount > 0) throw new ProblemError('candidate.failing');

  const written = await context.storage.transaction(async (tx) => {
    const at = new Date(context.clock.now());
    const closed = await closeCandidate(tx, context.tenant, { candidateId, state: 'promoted', at });
    if (!closed) throw new ProblemError('candidate.closed');
    return writeRelease(context, tx, {
      set,
      text: row.text,
      cases: row.cases,
      origin: 'candidate',
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
        },
        facts: { casesPassed: outcome.passed, baseSequence: row.base_sequence },
      },
    });
  });
  context.setRelease(written);
  await context.ledger.durable(written.evidenceId);
  return written;
}

function checkPromotable(row: CandidateRow, promotion: Promotion, live: CurrentRelease): void {
  if (row.proposed_by === promotion.actor) throw new ProblemError('candidate.not-yours');
  if (row.state !== 'open') throw new ProblemError('candidate.closed');
  const isCurrent =
    row.base_sequence === live.ref.sequence && promotion.liveSequence === live.ref.sequence;
  if (!isCurrent || row.digest !== promotion.digest) throw new ProblemError('policy.moved-on');
}

/** A candidate’s row is not signed: what comes of its text must be what was proposed and looked at. */
async function compileCandidate(row: CandidateRow) {
  try {
    const stored = { ...row, sequence: row.base_sequence + 1 };
    const { parts, outcome, lockOut } = await lookOverStored(stored, casesOf(row));
    if (lockOut.length > 0) throw new ProblemError('policy.unsound', { faults: lockOut });
    return { set: await compiler.assemble(parts), outcome };
  } catch (error) {
    if (!(error instanceof UnsoundRelease)) throw error;
    const fault = { code: 'release.tampered', path: '', line: 1, column: 1, text: error.message };
    throw new ProblemError('policy.unsound', { faults: [fault] });
  }
}
