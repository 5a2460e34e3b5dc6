import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openStorage } from '@proofline/storage';
import { cacheDirectory } from '../harness/open-test-storage.ts';

const reportSchema = z.object({ acknowledged: z.int(), error: z.string(), lost: z.string() });
const isRoot = process.getuid?.() === 0;
const filler = join(import.meta.dirname, 'disk-filler.ts');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'proofline-disk-'));
});
afterEach(() => {
  if (canMount) spawnSync('umount', [join(directory, 'small')]);
  rmSync(directory, { recursive: true, force: true });
});

function fill(database: string, rowsMax: number, prelude = ''): z.infer<typeof reportSchema> {
  const command = `${prelude} exec "$0" "$1" "$2" "$3"`;
  const run = spawnSync(
    'bash',
    ['-c', command, process.execPath, filler, database, String(rowsMax)],
    { encoding: 'utf8', timeout: 100_000 },
  );
  return reportSchema.parse(JSON.parse(run.stdout));
}

async function countRows(database: string): Promise<number> {
  const storage = await openStorage({ directory: database, cacheDirectory });
  const { rows } = await sql<{ n: number }>`select count(*) as n from filling`.execute(storage.db);
  await storage.close();
  return rows[0]?.n ?? 0;
}

function mountSmall(path: string, sizeMb: number, options = ''): boolean {
  mkdirSync(path, { recursive: true });
  const flags = `${options}size=${sizeMb}m`;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', flags, 'tmpfs', path]).status === 0;
}

/** Only root may make a small file system, and in a container often not even root. */
const canMount = isRoot && tryMount();
function tryMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'proofline-mount-'));
  const mounted = mountSmall(place, 1);
  if (mounted) spawnSync('umount', [place]);
  rmSync(place, { recursive: true, force: true });
  return mounted;
}

describe('a disk that refuses', () => {
  it(
    'a file that may not grow fails the write and takes nothing back',
    { timeout: 120_000 },
    async () => {
      const database = join(directory, 'database');
      // A shell's limit on file size, in kB; its signal is ignored, so that the write itself fails.
      const report = fill(database, 400, `trap '' XFSZ; ulimit -f 17000;`);
      expect(report.error).toMatch(/^\w{5}: could not extend file/);
      expect(report.acknowledged).toBeGreaterThan(10);
      expect(await countRows(database)).toBe(report.acknowledged);
    },
  );

  it.skipIf(!canMount)(
    'a full disk stops the storage with its reason, and with room again all is there (root only)',
    { timeout: 120_000 },
    async () => {
      const small = join(directory, 'small');
      expect(mountSmall(small, 110)).toBe(true);
      const database = join(small, 'database');
      const report = fill(database, 400);
      expect(report.error).toMatch(/No space left on device/);
      expect(report.acknowledged).toBeGreaterThan(10);
      spawnSync('mount', ['-o', 'remount,size=600m', small]);
      expect(await countRows(database)).toBeGreaterThanOrEqual(report.acknowledged);
    },
  );

  it.skipIf(isRoot && !canMount)('a read-only place is refused with a sentence', async () => {
    const small = join(directory, 'small');
    // Nothing but a read-only file system keeps root from writing.
    if (isRoot) expect(mountSmall(small, 10, 'ro,')).toBe(true);
    else mkdirSync(small, { mode: 0o500 });
    const opening = openStorage({ directory: join(small, 'database'), cacheDirectory });
    await expect(opening).rejects.toThrow(/directory .* cannot be made/);
  });

  it('a file in the directory’s place is refused with a sentence', async () => {
    writeFileSync(join(directory, 'database'), '');
    const opening = openStorage({ directory: join(directory, 'database'), cacheDirectory });
    await expect(opening).rejects.toThrow(/directory .* cannot be made/);
  });
});
