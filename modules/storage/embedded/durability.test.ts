import { fsyncSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../../tests/harness/open-test-storage.ts';
import { proveDurable } from './durability-probe.ts';
import { DurableNodeFs } from './durable-node-fs.ts';
import { layTemplate } from './lay-template.ts';
import { loadTemplate } from './template.ts';

const durable = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F');
const syncing = ['-c', 'fsync=on', '-c', 'wal_sync_method=fsync'];

describe('the embedded engine’s commits', () => {
  let directory: string;
  beforeEach(async () => {
    directory = join(mkdtempSync(join(tmpdir(), 'proofline-fsync-')), 'pgdata');
    layTemplate(await loadTemplate(cacheDirectory), directory);
  });
  afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

  it('reach the host’s fsync once each', async () => {
    let hostCalls = 0;
    const fs = new DurableNodeFs(directory, (descriptor) => {
      fsyncSync(descriptor);
      hostCalls += 1;
    });
    const pglite = await PGlite.create({ fs, startParams: [...durable, ...syncing] });
    await proveDurable(pglite, () => fs.fsyncCount);
    await pglite.exec('create table t (n integer)');
    const before = hostCalls;
    for (let n = 0; n < 10; n += 1) await pglite.exec(`insert into t values (${n})`);
    expect(hostCalls - before).toBe(10);
    await pglite.close();
  });

  it('are found out when they do not, as with the engine as shipped', async () => {
    const fs = new NodeFS(directory);
    const pglite = await PGlite.create({ fs, startParams: [...durable, ...syncing] });
    // Nothing counts, because nothing is called.
    await expect(proveDurable(pglite, () => 0)).rejects.toThrow(/did not reach the disk/);
    await pglite.close();
  });

  it('are found out when fsync is switched off', async () => {
    const fs = new DurableNodeFs(directory);
    const pglite = await PGlite.create({ fs, startParams: PGlite.defaultStartParams });
    await expect(proveDurable(pglite, () => fs.fsyncCount)).rejects.toThrow(/did not reach/);
    await pglite.close();
  });
});
