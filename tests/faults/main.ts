/**
 * `npm run faults`: the full counts of what `npm test` takes a sample of. A hundred kills and a hundred power
 * cuts on each engine, then the disks and processes that fail in other ways; the report is kept in
 * bench/results.
 *
 *   npm run faults [-- --rounds N] [--only embedded|PostgreSQL]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../../bench/decisions/report/machine.ts';
import { runVitest } from '../harness/vitest-run.ts';
import { canMountImages } from './disk-image.ts';
import { faultEngines } from './fault-engines.ts';
import { cutRounds, killRounds, type RoundsReport } from './fault-rounds.ts';
import { writeReport } from './write-report.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Disks that are full, read-only or do not sync; clocks; threads and processes that end. */
const OTHER_FAULTS = ['tests/faults/disk', 'tests/faults/clock', 'tests/faults/kill'];

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '100' }, only: { type: 'string' } },
});
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds is a whole number');
const engines = faultEngines().filter(({ name }) => (values.only ?? name) === name);
const machine = describeMachine();
const canCut = canMountImages();
const say = (line: string) => process.stdout.write(`${line}\n`);
if (!canCut) say('No power cuts: they need root and loop devices.');

const reports: RoundsReport[] = [];
const startedMs = performance.now();
for (const engine of engines) {
  for (const [what, run] of [
    ['kill -9', killRounds],
    ['power cut', cutRounds],
  ] as const) {
    if (what === 'power cut' && !canCut) continue;
    const report = await run({
      engine,
      rounds,
      onRound: (round, { acknowledged }) =>
        say(
          `${engine.name}, ${what} ${round}/${rounds}: ${acknowledged.length} acknowledged so far`,
        ),
    });
    reports.push(report);
    for (const problem of report.problems) say(`LOST  ${problem}`);
  }
}
const others = await runVitest({
  root: ROOT,
  filters: OTHER_FAULTS,
  environment: {},
  signal: new AbortController().signal,
});
const minutes = Math.round((performance.now() - startedMs) / 60_000);
const failures = [...reports.flatMap(({ problems }) => problems), ...others.failures];
const text = writeReport({ machine, reports, others, minutes, canCut });
writeFileSync(join(ROOT, `bench/results/faults-${new Date().toISOString().slice(0, 10)}.md`), text);
say(`\n${text}`);
process.exitCode = failures.length === 0 ? 0 : 1;
