import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage } from '@proofline/storage';
import { cacheDirectory } from '../harness/open-test-storage.ts';

// Two PGlites on one directory destroy it: each keeps pages of its own in memory.
describe('a second process on the embedded database', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-second-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const openElsewhere = (): string =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'disk-filler.ts'), directory, '1'], {
      encoding: 'utf8',
    }).stdout;

  it('is refused while the first one runs, and served afterwards', async () => {
    const storage = await openStorage({ directory, cacheDirectory });
    expect(openElsewhere()).toContain(`in use by process ${process.pid}`);
    await storage.close();
    expect(JSON.parse(openElsewhere())).toEqual({ acknowledged: 1, error: '', lost: '' });
  });
});
