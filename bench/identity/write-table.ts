import type { Machine } from '../decisions/report/machine.ts';
import type { Measured } from './measure-people.ts';
import type { Alone } from './verify-alone.ts';

/** All that a run found. */
export interface IdentityResults {
  readonly date: string;
  readonly machine: Machine;
  readonly loadAfter: number;
  readonly alone: Alone;
  readonly rows: readonly Measured[];
}

const round = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '–' : String(Number(value.toPrecision(3)));

/** The run as a page. */
export function writeTable({ date, machine, loadAfter, alone, rows }: IdentityResults): string {
  const { cpu, cores, memoryGib, node, os, loadBefore } = machine;
  return `# Sign-ins, ${date}

${cpu}, ${cores} cores, ${memoryGib} GiB, Node ${node}, ${os}. Load average ${loadBefore} before and
${loadAfter} after. Server, database and callers share these cores. Made by
\`npm run bench:identity\`; [bench/README.md](../README.md) says how.

An assertion alone, all checks, one thread: ${round(alone.perCpuSecond)} per second of CPU
(${round(alone.perSecond)} of the clock).

CPU for one is the server’s, the database’s and the caller’s.

| database | act | at once | per second | p50 / p95 / p99, ms | CPU for one, ms | share of an assertion alone |
|---|---|---|---|---|---|---|
${rows.map((row) => line(row, alone)).join('\n')}
`;
}

function line(row: Measured, alone: Alone): string {
  const { database, what, callers, perSecond, p50Ms, p95Ms, p99Ms, serverCpuMs } = row;
  const cpu = [serverCpuMs, row.databaseCpuMs, row.callerCpuMs].map(round).join(' / ');
  const times = [p50Ms, p95Ms, p99Ms].map(round).join(' / ');
  const share = `1 / ${round(alone.perSecond / perSecond)}`;
  return `| ${database} | ${what} | ${callers} | ${round(perSecond)} | ${times} | ${cpu} | ${share} |`;
}
