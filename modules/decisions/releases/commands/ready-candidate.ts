import type { Id } from '@proofline/kernel';
import type { PolicySet } from '@proofline/policy';
import { ProblemError, type CaseOutcome } from '@proofline/protocol';
import type { CurrentRelease, DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { compiler } from '../compile/compiler.ts';
import { casesOf, lookOverStored, UnsoundRelease } from '../domain/verify-release.ts';
import { findCandidate } from '../store/candidate-rows.ts';

/** Who wants to put a candidate in force, and what they looked at. */
export interface Promotion {
  readonly actor: Id<'stf'>;
  readonly candidateId: Id<'pcd'>;
  readonly digest: string;
  readonly liveSequence: number;
  /** The permit’s entry: a cause of what comes of it. */
  readonly decisionEvidenceId: Id<'evt'>;
}

/** A candidate that may be put in force, for everybody or for some. */
export interface ReadyCandidate {
  readonly row: CandidateRow;
  readonly set: PolicySet;
  readonly outcome: CaseOutcome;
  /** How many invariants hold under it. */
  readonly invariants: number;
  /** What it stands on. */
  readonly live: CurrentRelease;
}

/**
 * The candidate, compiled. The policies have permitted the act before; that it is somebody else’s,
 * open, current, that its cases pass and its invariants hold is checked again here, and no policy can take that away: a
 * candidate must not be able to write its own rules of promotion.
 *
 * @throws ProblemError `policy.unknown`, `policy.moved-on`, `policy.unsound`, `candidate.closed`,
 *   `candidate.not-yours`, `candidate.failing`, `candidate.breaks-invariant`, `candidate.unproved`
 */
export async function readyCandidate(
  context: DecisionsContext,
  promotion: Promotion,
): Promise<ReadyCandidate> {
  const row = await findCandidate(context.storage.db, context.tenant, promotion.candidateId);
  if (!row) throw new ProblemError('policy.unknown');
  const live = context.release();
  checkPromotable(row, promotion, live);
  const { set, outcome } = await compileCandidate(row);
  if (outcome.failedCount > 0) throw new ProblemError('candidate.failing');
  const invariants = await context.releases.proofs.requireProof(row);
  return { row, set, outcome, invariants, live };
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
