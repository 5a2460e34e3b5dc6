import { createFeedCheck, type FeedVerdict, type IndexRange } from '@proofline/evidence';
import { exitCodes, type ExitCode, type Io } from '../verb.ts';

/** What is asked about files of a feed. */
export interface FeedQuestion {
  readonly files: readonly string[];
  readonly key: string | undefined;
  /** Path of a signed checkpoint that the feed must reach. */
  readonly checkpoint: string | undefined;
}

/** Whether a name is that of a feed, and not of a bundle. */
export function isFeed(file: string): boolean {
  return /\.(?:ndjson|jsonl)(?:\.\d+)?$/.test(file);
}

/** Checks what a receiver was sent, offline: is it whole, and is it what the log signs? */
export async function verifyFeed(asked: FeedQuestion, io: Io): Promise<ExitCode> {
  let reading = '';
  try {
    let knownCheckpoint: string | undefined;
    if (asked.checkpoint !== undefined) {
      reading = asked.checkpoint;
      knownCheckpoint = await io.readText(reading);
    }
    const check = createFeedCheck({
      ...(asked.key !== undefined && { trustedKey: asked.key }),
      ...(knownCheckpoint !== undefined && { knownCheckpoint }),
    });
    for (reading of asked.files) {
      for await (const line of io.readLines(reading)) check.take(line);
    }
    const verdict = check.finish();
    for (const line of reportFeed(verdict, knownCheckpoint !== undefined)) io.say(line);
    return verdict.ok ? exitCodes.ok : exitCodes.wrong;
  } catch {
    io.complain(`The file ${reading} cannot be read.`);
    return exitCodes.usage;
  }
}

function reportFeed(verdict: FeedVerdict, isTailKnown: boolean): string[] {
  const { counts, faults, log, missing, newestAt, ok, start } = verdict;
  const lines = log
    ? [
        `Log          ${log.origin}`,
        `Checkpoint   ${log.size} entries, root ${log.root}`,
        `Signed by    ${log.verifierKey}`,
        `             ${log.trusted ? 'the key that you named' : UNCOMPARED}`,
        `Feed         from index ${start}${newestAt === undefined ? '' : `; newest entry ${newestAt}`}`,
        '',
        `  present          ${counts.entries}`,
        `  erased           ${counts.erased}`,
        `  not asked for    ${counts.passedOver}`,
        ...(verdict.unreadable > 0 ? [`  unreadable lines ${verdict.unreadable}`] : []),
        `  missing          ${missing.reduce((sum, { start: from, end }) => sum + end - from, 0)}`,
        '',
      ]
    : [];
  const shown = missing.slice(0, SHOWN_MAX);
  return [
    ...lines,
    ...shown.map((range) => `WRONG  ${describe(range)}`),
    ...(missing.length > shown.length ? [`WRONG  And ${missing.length - shown.length} more.`] : []),
    ...faults.map((fault) => `WRONG  ${fault}`),
    ...(ok ? meaning(isTailKnown) : ['The feed is not whole, or not what the log signs.']),
  ];
}

const SHOWN_MAX = 100;
const UNCOMPARED = 'not compared; name the key that you know with --key';

function describe({ start, end }: IndexRange): string {
  return end - start === 1
    ? `Entry ${start} is missing.`
    : `Entries ${start} to ${end - 1} are missing.`;
}

function meaning(isTailKnown: boolean): string[] {
  return [
    'Every entry from the start of the feed to its checkpoint is here or has its hash here,',
    'and is what the log signed. None was dropped, changed or put elsewhere.',
    isTailKnown
      ? 'It reaches the checkpoint that you named.'
      : 'Whether the log goes on after it, only a checkpoint from elsewhere tells: --checkpoint.',
  ];
}
