import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '@proofline/kernel/node';
import { openJournal, type Acknowledged } from './journal.ts';

/** More of them by hand: `KILL_ROUNDS=50 npx vitest run tests/faults/kill`. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 8);
const LONGEST_RUN_MS = 700;
/** Of each round, however slow the machine is. */
const HEARD_MIN = 11;

// P3: what was acknowledged is there after the process was killed at any moment, and so is its
// evidence. One database lives through all rounds, so every start is a recovery from the last kill.
describe('a server that is killed while it writes', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-kill-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it(`loses nothing that it acknowledged, in ${ROUNDS} kills`, { timeout: 300_000 }, async () => {
    const random = seededRandom('kill');
    const acknowledged: Acknowledged[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const runMs = ((random.bytes(1)[0] ?? 0) / 255) * LONGEST_RUN_MS;
      const heard = await writeUntilKilled(directory, { round, runMs });
      expect(heard.length).toBeGreaterThan(0);
      acknowledged.push(...heard);
      // The killed process left its lock; a new one is not kept out by it.
      expect(existsSync(join(directory, 'database', 'lock'))).toBe(true);
      await expectNothingLost(directory, acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThan(ROUNDS * 10);
  });
});

/** Starts a writer, lets it write for a while after its first acknowledgements, and kills it. */
async function writeUntilKilled(
  directory: string,
  { round, runMs }: { round: number; runMs: number },
): Promise<Acknowledged[]> {
  const program = join(import.meta.dirname, 'evidence-writer.ts');
  const writer = spawn(process.execPath, [program, directory, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(writer, 'close');
  const heard: Acknowledged[] = [];
  const lines = createInterface({ input: writer.stdout });
  const { promise: writes, resolve } = Promise.withResolvers<void>();
  lines.on('line', (line) => {
    // The writer is our own, and a line is in the pipe whole or not at all.
    heard.push(JSON.parse(line) as Acknowledged);
    if (heard.length >= HEARD_MIN) resolve();
  });
  await Promise.race([writes, ended]);
  await delay(runMs);
  writer.kill('SIGKILL');
  const [, signal]: unknown[] = await ended;
  expect(signal).toBe('SIGKILL');
  return heard;
}

async function expectNothingLost(
  directory: string,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const journal = await openJournal(directory);
  try {
    const { rows, entries, verdict } = await journal.readAll();
    expect(verdict).toMatchObject({ ok: true });
    // The log is taking in what the kill left in the outbox; once that is done, all must agree.
    await expect.poll(() => journal.check(), { timeout: 15_000 }).toEqual([]);
    const lost = acknowledged.filter(
      ({ name, evidenceId, index }) =>
        rows.get(name) !== evidenceId || entries.get(evidenceId) !== index,
    );
    expect(lost).toEqual([]);
  } finally {
    await journal.close();
  }
}
