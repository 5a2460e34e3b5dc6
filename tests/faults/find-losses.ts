import { setTimeout as delay } from 'node:timers/promises';
import { hasOnlyGrown, type LogState } from './look-into-installation.ts';
import { openJournal, type Acknowledged, type JournalPlace } from './journal.ts';

/** What must be there after a fault. */
export interface Known {
  readonly acknowledged: readonly Acknowledged[];
  /** The log as it was seen after the fault before. */
  readonly log: LogState | undefined;
}

const WHOLE_AGAIN_MAX_MS = 30_000;

/** Opens what a fault has left, and answers what is lost of it, broken, or another history. */
export async function findLosses(
  place: JournalPlace,
  known: Known,
): Promise<{
  readonly problems: readonly string[];
  readonly log: LogState;
  /** When all was there again, by `performance.now`. */
  readonly wholeAtMs: number;
}> {
  const journal = await openJournal(place);
  try {
    // The log takes in what the fault has left in the outbox; once that is done, all must agree.
    const problems = await untilWhole(() => journal.check());
    const wholeAtMs = performance.now();
    const { rows, entries, verdict, log } = await journal.readAll();
    problems.push(...verdict.faults);
    for (const { name, evidenceId, index } of known.acknowledged) {
      if (rows.get(name) !== evidenceId) problems.push(`the row ${name} is lost`);
      if (entries.get(evidenceId) !== index) problems.push(`the evidence of ${name} is lost`);
    }
    for (const [name, evidenceId] of rows) {
      if (!entries.has(evidenceId)) problems.push(`the row ${name} has no evidence`);
    }
    if (known.log && !hasOnlyGrown(known.log, log)) problems.push('the log is another history');
    return { problems, log, wholeAtMs };
  } finally {
    await journal.close();
  }
}

async function untilWhole(check: () => Promise<readonly string[]>): Promise<string[]> {
  let problems: readonly string[] = [];
  for (let waitedMs = 0; waitedMs < WHOLE_AGAIN_MAX_MS; waitedMs += 200) {
    problems = await check();
    if (problems.length === 0) break;
    await delay(200);
  }
  return [...problems];
}
