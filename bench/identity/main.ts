/**
 * `npm run bench:identity [-- --quick]`: full sign-ins a second with a passkey, and step-ups, at the
 * product's own server on PostgreSQL and on PGlite; beside them what it costs to verify the assertion
 * alone.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findPostgres, startThrowawayPostgres } from '../../tests/harness/throwaway-postgres.ts';
import { nextMessage } from '../decisions/next-message.ts';
import { describeMachine } from '../decisions/report/machine.ts';
import type { Ready } from './company-process.ts';
import { measurePeople, type Measured } from './measure-people.ts';
import { seatEverybody } from './people.ts';
import { verifyAlone } from './verify-alone.ts';
import { writeTable, type IdentityResults } from './write-table.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const forMs = values.quick ? 1_500 : 6_000;
const callersOf = [1, 4, 16];
const say = (line: string) => void process.stdout.write(`${line}\n`);

const machine = describeMachine();
say('An assertion alone …');
const alone = await verifyAlone(forMs / 2);
const rows: Measured[] = [];
const binaries = findPostgres();
if (binaries === undefined) say('No PostgreSQL is installed: left out.');
else {
  const postgres = await startThrowawayPostgres(binaries);
  try {
    await measureOn('PostgreSQL', postgres.url, postgres.pid);
  } finally {
    await postgres.stop();
  }
}
await measureOn('PGlite', '');
const date = new Date().toISOString().slice(0, 10);
const loadAfter = Math.round((loadavg()[0] ?? 0) * 10) / 10;
const results: IdentityResults = { date, machine, loadAfter, alone, rows };
say(`\n${writeTable(results)}`);
if (!values.quick) write(results);

async function measureOn(database: string, url: string, databasePid?: number): Promise<void> {
  const child = fork(join(import.meta.dirname, 'company-process.ts'), [url]);
  try {
    const ready = await nextMessage<Ready>(child);
    const people = await seatEverybody(ready);
    for (const what of ['sign-in', 'step-up'] as const) {
      for (const callers of callersOf) {
        say(`${database}: ${what}, ${callers} at once …`);
        const asked = { people, what, callers, forMs, pid: child.pid, databasePid };
        rows.push({ database, ...(await measurePeople(asked)) });
      }
    }
  } finally {
    if (child.connected) {
      child.send('stop');
      await once(child, 'exit');
    }
  }
}

function write(found: IdentityResults): void {
  const directory = join(import.meta.dirname, '../results');
  mkdirSync(directory, { recursive: true });
  const name = join(directory, `identity-${found.date}`);
  writeFileSync(`${name}.md`, writeTable(found));
  writeFileSync(`${name}.json`, `${JSON.stringify(found, undefined, 2)}\n`);
  say(`Written: bench/results/identity-${found.date}.{md,json}`);
}
