import type { Machine } from '../decisions/report/machine.ts';
import type { Measured } from './measure-callers.ts';
import type { Start } from './measure-start.ts';
import type { Verified } from './verify-million.ts';

/** One contestant under so many callers. */
export interface Row extends Measured {
  readonly what: string;
  readonly bytesPerEvent: number;
}

/** All that a run found. */
export interface LedgerResults {
  readonly date: string;
  readonly machine: Machine;
  readonly loadAfter: number;
  readonly rows: readonly Row[];
  readonly starts: readonly Start[];
  readonly verified: Verified;
}

const round = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '–' : String(Number(value.toPrecision(3)));

/** The run as a page. */
export function writeTable(results: LedgerResults): string {
  const { date, machine, loadAfter, rows, starts, verified } = results;
  const { cpu, cores, memoryGib, node, os, loadBefore } = machine;
  return `# The evidence log, ${date}

${cpu}, ${cores} cores, ${memoryGib} GiB, Node ${node}, ${os}. Load average ${loadBefore} before and
${loadAfter} after. Server, database and callers share these cores. Everything is on the disk before it is
answered. Made by \`npm run bench:ledger\`; [bench/README.md](../README.md) says how.

Each event has five refs and twelve redactable fields; each acknowledgement is an inclusion proof under a signed
checkpoint. CPU for one event is that of the process with callers and log in it, and of the database; embedded, the
database is in that process. “In quiet” is what one core each for process and database gives at that CPU, were nothing
waited for: the figure that another load on the machine does not change.

| log | at once | per second | p50 / p99, ms | CPU for one, ms | in quiet, per second | bytes stored for one |
|---|---|---|---|---|---|---|
${rows.map(line).join('\n')}

A log of ${verified.leaves.toLocaleString('en')} entries is verified in ${round(verified.seconds)} s of the clock
(${round(verified.cpuSeconds)} s of CPU), every leaf parsed and hashed, in ${round(verified.memoryMb)} MB more than the
process had.

| start of the embedded log | first event logged after, ms | memory then, MB |
|---|---|---|
${starts.map(({ what, loggedMs, residentMb }) => `| ${what} | ${round(loggedMs)} | ${round(residentMb)} |`).join('\n')}
`;
}

function line(row: Row): string {
  const { what, callers, perSecond, p50Ms, p99Ms, cpuMs, databaseCpuMs, bytesPerEvent } = row;
  const times = [p50Ms, p99Ms].map(round).join(' / ');
  const cpu =
    databaseCpuMs === undefined ? round(cpuMs) : `${round(cpuMs)} + ${round(databaseCpuMs)}`;
  // The one that is busier is the bound.
  const quiet = 1_000 / Math.max(cpuMs, databaseCpuMs ?? 0);
  return `| ${what} | ${callers} | ${round(perSecond)} | ${times} | ${cpu} | ${round(quiet)} | ${Math.round(bytesPerEvent)} |`;
}
