/**
 * A process that writes until the disk refuses, then says how much it had been promised and how it
 * was told.
 *
 *   node tests/faults/disk-filler.ts DIRECTORY ROWS_MAX
 */
import { sql } from 'kysely';
import { openStorage } from '@proofline/storage';
import { cacheDirectory } from '../harness/open-test-storage.ts';

const [directory = '', rowsMax = ''] = process.argv.slice(2);
const report = { acknowledged: 0, error: '', lost: '' };

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

const onLost = (error: Error): void => {
  report.lost = error.message;
};

try {
  const storage = await openStorage({ directory, cacheDirectory, onLost });
  await sql`create table if not exists filling (n integer, text text)`.execute(storage.db);
  try {
    while (report.acknowledged < Number(rowsMax)) {
      // 320 kB that compression cannot shrink away.
      await storage.transaction((tx) =>
        sql`insert into filling select ${report.acknowledged}::integer,
          string_agg(md5(random()::text), '') from generate_series(1, 10000)`.execute(tx),
      );
      report.acknowledged += 1;
    }
  } finally {
    await storage.close();
  }
} catch (error) {
  report.error = reasonOf(error);
}
process.stdout.write(JSON.stringify(report));
