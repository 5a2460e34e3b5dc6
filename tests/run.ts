/**
 * `npm test`: the tests on the embedded database, then again on PostgreSQL what a database can
 * change; what is long, and the same on both, on one of them (`vitest.config.ts`). Ends with one line,
 * `N passed, N failed`.
 *
 * Arguments are parts of test file paths, as with vitest.
 */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../demo/find-chromium.ts';
import { canInstall, installPackage } from './harness/install-package.ts';
import {
  findPostgres,
  startThrowawayPostgres,
  type ThrowawayPostgres,
} from './harness/throwaway-postgres.ts';
import { countsLine, runVitest, type Counts } from './harness/vitest-run.ts';

const root = join(import.meta.dirname, '..');

/** What touches a database; the rest of the house would only say the same again. */
const ON_POSTGRES = [
  'modules/',
  'apps/server/',
  'demo/story/',
  'tests/journeys/',
  'tests/attacks/',
  'tests/faults/second-process',
  'tests/faults/moving',
  'tests/faults/backup',
];

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort(new Error(`stopped by ${signal}`)));
}

/** Some machines let an ordinary user write nothing in the shared temporary folder. */
function ensureScratch(): void {
  try {
    accessSync(tmpdir(), constants.W_OK);
  } catch {
    process.env['TMPDIR'] = join(root, 'node_modules/.cache/tmp');
    mkdirSync(process.env['TMPDIR'], { recursive: true });
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function requireChromium(): string | undefined {
  const found = findChromium();
  if (found !== undefined || !canInstall()) return found;
  return installPackage('chromium') ? findChromium() : undefined;
}

async function openPostgres(): Promise<ThrowawayPostgres | string> {
  let binaries = findPostgres();
  if (binaries === undefined && canInstall() && installPackage('postgresql')) {
    binaries = findPostgres();
  }
  if (binaries === undefined) return 'no PostgreSQL server, 15 or newer, is installed';
  try {
    return await startThrowawayPostgres(binaries);
  } catch (error) {
    return error instanceof Error ? error.message : 'the server did not start';
  }
}

function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
  };
}

/** What is said, and what counts, where the runs on PostgreSQL are left out. */
function withoutPostgres(why: string): Counts {
  say(`\nSkipped: the runs on PostgreSQL (${why}).`);
  const isRequired = process.env['PROOFLINE_REQUIRE_POSTGRES'] === '1';
  const failures = isRequired ? ['PostgreSQL is required, and was not there'] : [];
  return { passed: 0, failed: failures.length, skipped: 0, failures };
}

async function runOnBoth(chromium: string, filters: readonly string[]): Promise<Counts> {
  const postgres = await openPostgres();
  const isThere = typeof postgres !== 'string';
  const run = (named: readonly string[], environment: Readonly<Record<string, string>>) =>
    runVitest({
      root,
      filters: named,
      environment: { PROOFLINE_CHROMIUM: chromium, ...environment },
      signal: interruption.signal,
    });
  try {
    say('On the embedded database:');
    const embedded = await run(filters, {
      PROOFLINE_TEST_DATABASE_URL: '',
      // What was named as an argument runs on both.
      PROOFLINE_TEST_POSTGRES_FOLLOWS: isThere && filters.length === 0 ? '1' : '',
    });
    if (!isThere) return add(embedded, withoutPostgres(postgres));
    say('\nOn PostgreSQL:');
    const again = await run(filters.length > 0 ? filters : ON_POSTGRES, {
      PROOFLINE_TEST_DATABASE_URL: postgres.url,
    });
    return add(embedded, again);
  } finally {
    if (isThere) await postgres.stop();
  }
}

/** Hundreds of processes and threads load the same modules: what Node compiled once is used again. */
function keepCompiled(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules/.cache/proofline');
}

async function main(filters: readonly string[]): Promise<number> {
  ensureScratch();
  keepCompiled();
  const chromium = requireChromium();
  if (chromium === undefined) {
    say('Install Chromium or Google Chrome (or set CHROME_PATH): the browser journeys need it.');
    return 1;
  }
  const counts = await runOnBoth(chromium, filters);
  for (const failure of counts.failures) say(`FAILED ${failure}`);
  if (counts.passed + counts.failed === 0) say('\nNo test was run, which is a failure.');
  say(`\n${countsLine(counts)}`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(`\n${error instanceof Error ? error.message : 'the run broke off'}`);
  // 130 is what a shell expects of a program that Ctrl-C has stopped.
  process.exitCode = interruption.signal.aborted ? 130 : 1;
}
