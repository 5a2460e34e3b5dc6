import type { listReleases, Reply, StageAudience } from '@proofline/protocol';
import type { Io } from '../verb.ts';
import { sayTable } from './table.ts';

type Listed = Reply<typeof listReleases>;
type Candidate = Listed['candidates'][number];

/** As many of each are told; `--json` has all that the server answered. */
const TOLD_MAX = 20;

/** Says what is, was and may become live, newest first, in two tables. */
export function tellReleases({ releases, candidates, stage, fault }: Listed, io: Io): void {
  if (fault !== undefined) io.say(`FAULT  ${fault}`);
  sayTable(
    releases.slice(0, TOLD_MAX).map((one) => ({
      RELEASE: String(one.release.sequence),
      STATE: one.isLive ? 'in force' : `back: ${one.goingBack.state}`,
      SINCE: one.releasedAt,
      FROM: one.origin,
      BY: one.releasedBy?.name ?? one.releasedBy?.id ?? '',
      DIGEST: one.release.digest,
    })),
    io,
  );
  io.say('');
  if (candidates.length === 0) io.say('Nothing is proposed.');
  sayTable(candidates.slice(0, TOLD_MAX).map(rowOf), io);
  if (stage) {
    io.say('');
    io.say(`In force for some: ${stage.candidateId}, for ${audienceText(stage.audience)}`);
    io.say(`  until ${stage.until}; its setting is ${stage.stageId}/${stage.revision}`);
  }
}

/** For whom a stage is, in words. */
export function audienceText({ desks, percent }: StageAudience): string {
  const people = percent === 100 ? 'everybody' : `${percent} in a hundred`;
  return `${people} at ${desks.length === 0 ? 'every desk' : desks.join(', ')}`;
}

function rowOf(one: Candidate) {
  return {
    CANDIDATE: one.candidateId,
    STATE: one.state === 'open' && !one.isCurrent ? 'behind' : one.state,
    ON: String(one.baseSequence),
    'PROPOSED BY': one.proposedBy.name ?? one.proposedBy.id,
    'VOUCHED FOR BY': vouchedText(one),
    CASES: one.outcome.failedCount === 0 ? 'hold' : `${one.outcome.failedCount} fail`,
    INVARIANTS: one.proof.state,
    DIGEST: one.digest,
    FOR: one.note,
  };
}

function vouchedText({ vouching: { isNeeded, by } }: Candidate): string {
  if (isNeeded) return 'nobody yet';
  return by === undefined ? 'its author' : (by.name ?? by.id);
}
