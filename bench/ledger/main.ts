/**
 * `npm run bench:ledger [-- --quick]`: events a second that are logged for good, acknowledged with their
 * inclusion proof, on PostgreSQL and embedded; beside them the hash chain that is usually built, on the
 * same server. Then what an event takes to store, a million to verify, and a start.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findPostgres, startThrowawayPostgres } from '../../tests/harness/throwaway-postgres.ts';
import { describeMachine } from '../decisions/report/machine.ts';
import { openHashChain, openProofline, type Contestant } from './contestants.ts';
import { measureCallers } from './measure-callers.ts';
import { measureStarts } from './measure-start.ts';
import { verifyApart } from './verify-apart.ts';
import { writeTable, type LedgerResults, type Row } from './write-table.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const forMs = values.quick ? 1_500 : 8_000;
const callersOf = values.quick ? [1, 64] : [1, 16, 64, 256];
const say = (line: string) => void process.stdout.write(`${line}\n`);

const machine = describeMachine();
const rows: Row[] = [];
const binaries = findPostgres();
if (binaries === undefined) say('No PostgreSQL is installed: left out.');
else await measureOnServer(binaries);
for (const callers of callersOf) {
  await measure('Proofline, embedded', await openProofline(undefined), { callers });
}
say('A start …');
const starts = await measureStarts();
say('Verification …');
const verified = await verifyApart(values.quick ? 20_000 : 1_000_000);
const results: LedgerResults = {
  date: new Date().toISOString().slice(0, 10),
  machine,
  loadAfter: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  rows,
  starts,
  verified,
};
say(`\n${writeTable(results)}`);
if (!values.quick) write(results);

/** Both in turns, so that whatever else the machine does falls on both. */
async function measureOnServer(directory: string): Promise<void> {
  const postgres = await startThrowawayPostgres(directory, { durable: true });
  const { url, pid: databasePid } = postgres;
  try {
    for (const callers of callersOf) {
      const asked = { callers, databasePid };
      await measure('hash chain, PostgreSQL', await openHashChain(url), asked);
      await measure('Proofline, PostgreSQL', await openProofline(url), asked);
    }
  } finally {
    await postgres.stop();
  }
}

async function measure(
  what: string,
  contestant: Contestant,
  asked: { readonly callers: number; readonly databasePid?: number | undefined },
): Promise<void> {
  say(`${what}: ${asked.callers} at once …`);
  const measured = await measureCallers(contestant, { ...asked, forMs });
  const { bytes, events } = await contestant.stored();
  // Closing checks the whole log: what was measured is what was meant.
  await contestant.close();
  rows.push({ what, bytesPerEvent: bytes / events, ...measured });
}

function write(found: LedgerResults): void {
  const directory = join(import.meta.dirname, '../results');
  mkdirSync(directory, { recursive: true });
  const name = join(directory, `ledger-${found.date}`);
  writeFileSync(`${name}.md`, writeTable(found));
  writeFileSync(`${name}.json`, `${JSON.stringify(found, undefined, 2)}\n`);
  say(`Written: bench/results/ledger-${found.date}.{md,json}`);
}
