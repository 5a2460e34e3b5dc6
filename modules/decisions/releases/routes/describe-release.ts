import type { Id } from '@proofline/kernel';
import {
  CaseOutcome,
  DroppedPromises,
  type CandidateProof,
  type CandidateSummary,
  type ReleaseSummary,
} from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { goingBackTo } from '../commands/going-back.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { personBehind } from '../domain/verify-candidate.ts';
import { invariantsInForce } from '../commands/live-promises.ts';
import type { ReleaseHead } from '../store/release-rows.ts';

/** A stored release as the contract words it. */
export async function describeRelease(
  context: DecisionsContext,
  row: ReleaseHead,
): Promise<ReleaseSummary> {
  return {
    release: { sequence: row.sequence, digest: row.digest },
    isLive: row.sequence === context.release().ref.sequence,
    isSigned: row.signature !== null,
    releasedAt: row.released_at.toISOString(),
    origin: row.origin,
    goingBack: goingBackTo(context, row),
    ...(row.released_by !== null && { releasedBy: await named(context, row.released_by) }),
    // Minted by the ledger when it was released.
    evidenceId: row.evidence_id as Id<'evt'>,
  };
}

/** A candidate as the contract words it, for one reader. */
export async function describeCandidate(
  context: DecisionsContext,
  row: CandidateRow,
  reader: string,
): Promise<CandidateSummary> {
  const now = context.clock.now();
  const { shadow_until: until } = row;
  return {
    // Minted by this module.
    candidateId: row.candidate_id as Id<'pcd'>,
    digest: row.digest,
    state: row.state,
    baseSequence: row.base_sequence,
    isCurrent: row.base_sequence === context.release().ref.sequence,
    proposedBy: await named(context, row.proposed_by),
    isOwn: row.proposed_by === reader,
    proposedAt: row.proposed_at.toISOString(),
    vouching: {
      isNeeded: row.state === 'open' && personBehind(row) === undefined,
      isOwn: row.vouched_by === reader,
      ...(row.vouched_by !== null && { by: await named(context, row.vouched_by) }),
    },
    note: row.note,
    outcome: CaseOutcome.parse(JSON.parse(row.outcome)),
    proof: proofOf(context, row),
    drops: dropsOf(row),
    shadow: {
      isRunning: row.state === 'open' && until !== null && until.getTime() > now,
      ...(until !== null && { until: until.toISOString() }),
      compared: row.shadow_compared,
      dropped: row.shadow_dropped,
    },
  };
}

/** As it was when the candidate was proposed, for showing: it is looked at again before it counts. */
export function dropsOf(row: CandidateRow | undefined): DroppedPromises {
  return DroppedPromises.parse(JSON.parse(row?.drops ?? NOTHING_DROPPED));
}

const NOTHING_DROPPED = '{"cases":{"count":0,"names":[]},"invariants":[]}';

/** One that could be put in force now begins to be proved when it is looked at. */
function proofOf(context: DecisionsContext, row: CandidateRow): CandidateProof {
  const { proofs } = context.releases;
  const provable = { text: row.text, also: invariantsInForce(context) };
  const isWaiting = row.state === 'open' && row.base_sequence === context.release().ref.sequence;
  const proof = isWaiting ? proofs.proofOf(provable) : proofs.peek(provable);
  return proof ?? { state: 'none', holding: 0, broken: [], undecided: [] };
}

/** An id with the name that it is shown by, where somebody knows one. */
export async function named(
  { nameOf }: DecisionsContext,
  id: string,
): Promise<{ id: string; name?: string }> {
  const name = id === 'files' ? 'The server’s folder' : await nameOf?.(id);
  return name === undefined ? { id } : { id, name };
}
