import type { Id } from '@proofline/kernel';
import type { PolicySet, ReleaseParts } from '@proofline/policy';
import {
  ProblemError,
  type CaseOutcome,
  type DroppedPromises,
  type Dropping,
} from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { CurrentRelease } from '../domain/current-release.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { compiler } from '../compile/compiler.ts';
import { droppedAlongside, droppedPromises } from '../domain/compare-promises.ts';
import { checkCandidate, personBehind } from '../domain/verify-candidate.ts';
import { casesOf, lookOverStored, tampered, UnsoundRelease } from '../domain/verify-release.ts';
import { findCandidate } from '../store/candidate-rows.ts';
import { requireOpen } from './is-open.ts';
import { invariantsInForce, livePromises } from './live-promises.ts';

/** Who wants to put a candidate in force, and what they looked at. */
export interface Promotion {
  readonly actor: Id<'stf'>;
  readonly candidateId: Id<'pcd'>;
  readonly digest: string;
  readonly liveSequence: number;
  /** What they saw that it drops. */
  readonly dropping: Dropping;
  /** The permit’s entry: a cause of what comes of it. */
  readonly decisionEvidenceId: Id<'evt'>;
}

/** A candidate that may be put in force, for everybody or for some. */
export interface ReadyCandidate {
  readonly row: CandidateRow;
  readonly set: PolicySet;
  readonly outcome: CaseOutcome;
  /** How many invariants hold under it: its own, and those of the live release. */
  readonly invariants: number;
  readonly dropped: DroppedPromises;
  /** What it stands on. */
  readonly live: CurrentRelease;
}

/**
 * The candidate, compiled. The policies have permitted the act before; that a person answers for it and
 * that it is another one, that it is open and current, that its cases pass, that whoever acts has seen
 * what it drops and that all invariants hold is checked again here, and no policy can take that away: a
 * candidate must not be able to write its own rules of promotion.
 *
 * @throws ProblemError `policy.unknown`, `policy.moved-on`, `policy.unsound`, `candidate.closed`,
 *   `candidate.not-yours`, `candidate.unvouched`, `candidate.failing`, `candidate.drops-promises`,
 *   `candidate.breaks-invariant`, `candidate.unproved`
 */
export async function readyCandidate(
  context: DecisionsContext,
  promotion: Promotion,
): Promise<ReadyCandidate> {
  const row = await findCandidate(context.storage.db, context.tenant, promotion.candidateId);
  if (!row) throw new ProblemError('policy.unknown');
  const live = context.release();
  await requireOpen(context, row);
  const { parts, outcome } = await lookOverCandidate(context, row, () =>
    checkPromotable(row, promotion, live),
  );
  if (outcome.failedCount > 0) throw new ProblemError('candidate.failing');
  const dropped = await requireSeen(context, { row, parts, dropping: promotion.dropping });
  const set = await compiler.assemble(parts);
  const invariants = await requireProof(context, row);
  return { row, set, outcome, invariants, dropped, live };
}

function checkPromotable(row: CandidateRow, promotion: Promotion, live: CurrentRelease): void {
  const person = personBehind(row);
  if (person === undefined) throw new ProblemError('candidate.unvouched');
  if (person === promotion.actor) throw new ProblemError('candidate.not-yours');
  const isCurrent =
    row.base_sequence === live.ref.sequence && promotion.liveSequence === live.ref.sequence;
  if (!isCurrent || row.digest !== promotion.digest) throw new ProblemError('policy.moved-on');
}

/** `check` runs once it is known that the row is what was proposed, and by whom. */
async function lookOverCandidate(context: DecisionsContext, row: CandidateRow, check: () => void) {
  try {
    checkCandidate(row, context.releases.signer);
    check();
    const stored = { ...row, sequence: row.base_sequence + 1 };
    const looked = await lookOverStored(stored, { cases: casesOf(row), urgency: 'urgent' });
    if (looked.lockOut.length > 0) {
      throw new ProblemError('policy.unsound', { faults: looked.lockOut });
    }
    return looked;
  } catch (error) {
    if (error instanceof UnsoundRelease) throw tampered(error);
    throw error;
  }
}

/** @throws ProblemError `candidate.drops-promises`, `policy.unsound` */
async function requireSeen(
  context: DecisionsContext,
  {
    row,
    parts,
    dropping,
  }: { readonly row: CandidateRow; readonly parts: ReleaseParts; readonly dropping: Dropping },
): Promise<DroppedPromises> {
  const live = await livePromises(context);
  const next = { set: parts, invariants: parts.invariants, cases: casesOf(row) };
  const dropped = droppedPromises(live, next);
  const alongside = droppedAlongside(live, next, dropped);
  if (alongside.length > 0) throw new ProblemError('policy.unsound', { faults: alongside });
  const { cases, invariants } = dropped;
  if (dropping.cases === cases.count && dropping.invariants === invariants.length) return dropped;
  throw new ProblemError('candidate.drops-promises', {
    detail: `It drops ${cases.count} named cases and ${invariants.length} invariants; you named ${dropping.cases} and ${dropping.invariants}.`,
    faults: [
      ...invariants.map(({ name, says }) => faultAt('invariant.dropped', name, says)),
      ...cases.names.map((name) =>
        faultAt('case.dropped', name, 'It is gone, or expects otherwise.'),
      ),
    ],
  });
}

function faultAt(code: 'invariant.dropped' | 'case.dropped', name: string, text: string) {
  const folder = code === 'case.dropped' ? 'cases' : 'invariants';
  return { code, path: `${folder}/${name}.json`, line: 1, column: 1, text };
}

/** How many invariants hold. */
async function requireProof(context: DecisionsContext, { text }: CandidateRow): Promise<number> {
  const provable = { text, also: invariantsInForce(context) };
  const { state, holding } = await context.releases.proofs.waitFor(provable);
  if (state === 'broken') throw new ProblemError('candidate.breaks-invariant');
  if (state === 'running' || state === 'not-decided') throw new ProblemError('candidate.unproved');
  return holding;
}
