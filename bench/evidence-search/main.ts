/**
 * `npm run bench:evidence-search`: fills a log with a million plausible entries, makes what it is searched by,
 * and measures searches, chains and what something reached. Writes `bench/results/evidence-search.md`.
 *
 * Arguments: how many entries (1000000), the database (`postgres`, or `embedded`), and `--print` to write nothing.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { findPostgres, startThrowawayPostgres } from '../../tests/harness/throwaway-postgres.ts';
import { measureSearch, type Measured } from './measure-search.ts';

const whole = new Intl.NumberFormat('en');

async function main(words: readonly string[]): Promise<void> {
  const [count = '1000000', engine = 'postgres'] = words.filter((word) => !word.startsWith('--'));
  const found = findPostgres();
  const server = engine === 'postgres' && found ? await startThrowawayPostgres(found) : undefined;
  try {
    if (server) process.env['PROOFLINE_TEST_DATABASE_URL'] = server.url;
    // Read where it is loaded, and so only now.
    const measured = await measureSearch(Number(count), openTestStorage);
    const report = reportOf(measured, server ? 'PostgreSQL' : 'PGlite, in memory');
    if (!words.includes('--print')) {
      const results = join(import.meta.dirname, '../results');
      mkdirSync(results, { recursive: true });
      writeFileSync(join(results, 'evidence-search.md'), report);
    }
    process.stdout.write(report);
  } finally {
    await server?.stop();
  }
  // The engine in memory would keep the process.
  process.exit(0);
}

function reportOf(measured: Measured, database: string): string {
  const rows = measured.rows.map(({ name, found, p50Ms, p99Ms }) =>
    [name, found, p50Ms.toFixed(1), p99Ms.toFixed(1)].join(' | '),
  );
  const perEntry = (bytes: number) => (bytes / measured.entries).toFixed(0);
  return `# Searching the evidence

Written by \`npm run bench:evidence-search\` on
${describeMachine()}; load ${loadavg()[0]?.toFixed(1)} when it ended.
${database}, ${whole.format(measured.entries)} entries, ${whole.format(measured.refs)} names in the index.
Stored for each entry with leaf and all indexes: ${perEntry(measured.bytes)} bytes, ${perEntry(measured.facetBytes)} of
them for what this search alone needs. That was made from the leaves at
${whole.format(Math.round(measured.followedPerSecond))} entries a second. ${measured.rounds} rounds, each about
something else; what a page shows is read, checked against its hash, and counted up to a thousand.

| question | found | p50 ms | p99 ms |
|---|---:|---:|---:|
| ${rows.join(' |\n| ')} |
`;
}

function describeMachine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${model}, ${memory} GB, ${type()} ${release()}, Node ${process.versions.node}`;
}

await main(process.argv.slice(2));
