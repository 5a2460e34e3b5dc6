import type { Machine } from '../../bench/decisions/report/machine.ts';
import type { Counts } from '../harness/vitest-run.ts';
import type { RoundsReport } from './fault-rounds.ts';

/** The report of a run, to be kept. */
export function writeReport(run: {
  readonly machine: Machine;
  readonly reports: readonly RoundsReport[];
  readonly others: Counts;
  readonly minutes: number;
  readonly canCut: boolean;
}): string {
  const { machine, others } = run;
  const rows = run.reports.map((one) =>
    [
      one.engine,
      one.fault,
      one.rounds,
      one.acknowledged,
      one.problems.length,
      one.entries,
      `${(one.slowestRecoveryMs / 1000).toFixed(1)} s`,
    ].join(' | '),
  );
  const problems = run.reports.flatMap((one) =>
    one.problems.map((problem) => `- ${one.engine}, ${one.fault}, ${problem}`),
  );
  return `# Faults

Written by \`npm run faults\`. ${machine.cores} × ${machine.cpu}, ${machine.memoryGib} GiB,
${machine.os}, Node ${machine.node}, load before ${machine.loadBefore}; ${run.minutes} minutes.

Six writers each write a row with its evidence and say so when it is acknowledged. Then everything is struck, comes
back by itself, and is looked at: every acknowledged row and its entry at its index, the whole log against its
checkpoint, and that the log of before is the beginning of the one of after. One database lives through all rounds.
A power cut: the processes are stopped, the device (a file that is mounted) is copied as it is, without what only the
kernel holds, and the copy is what they find afterwards.

| database | fault | rounds | acknowledged | lost, broken or forked | entries in the end | slowest recovery |
|---|---|---|---|---|---|---|
${rows.map((row) => `| ${row} |`).join('\n')}
${run.canCut ? '' : '\nNo power cuts: this machine mounts no files.\n'}
Disks that are full, read-only or do not sync, clocks a day off, threads and processes that end:
${others.passed} tests held, ${others.failed} did not, ${others.skipped} were left out.
${[...problems, ...others.failures.map((one) => `- ${one}`)].join('\n')}
`.replace(/\n+$/, '\n');
}
