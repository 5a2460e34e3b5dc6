import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage } from '@proofline/storage';
import { expect, test } from 'vitest';
import { cacheDirectory } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import { tables } from '../store/tables.ts';
import { erasureWorld } from '../testing/erasure-world.ts';
import { testId } from '../testing/index.ts';
import { rewriteErased } from './rewrite-erased.ts';

// Of the embedded database, whichever one the run is on: once is enough.
const onServer = Boolean(process.env['PROOFLINE_TEST_DATABASE_URL']);

test.skipIf(onServer)(
  'P8: no file of the embedded database holds what was erased, once it was started again',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'raw-scan-'));
    const database = join(directory, 'database');
    const storage = await openStorage({ directory: database, cacheDirectory });
    await storage.migrate(migrations);
    await storage.raiseWall({ tenant: 'acme', migrations });
    const world = await erasureWorld(storage);
    const customer = testId('cus');
    const id = await world.record({
      kind: 'session.ended',
      facts: { text: 'in clear in an entry' },
      subjects: { customer },
      personal: [{ subject: customer, retention: 'case', fields: { name: 'sealed apart' } }],
    });
    const [key] = await tables(storage.db).selectFrom('ledger_keys').selectAll().execute();
    const [fields] = await tables(storage.db)
      .selectFrom('ledger_disclosures')
      .selectAll()
      .execute();
    const marks: Record<string, Buffer> = {
      'the text of an entry': Buffer.from('in clear in an entry'),
      'a sealed data key': Buffer.from(key!.sealed_key.slice(0, 24)),
      'sealed fields': Buffer.from(fields!.sealed.slice(0, 24)),
      'whose a pseudonym was': Buffer.from(customer),
    };
    const found = async (sought: Readonly<Record<string, Buffer>>) => {
      const files = await readdir(database, { recursive: true, withFileTypes: true });
      const contents = await Promise.all(
        files
          .filter((file) => file.isFile())
          .map((file) => readFile(join(file.parentPath, file.name))),
      );
      const names = Object.keys(sought);
      return names.filter((name) => contents.some((bytes) => bytes.includes(sought[name]!)));
    };
    // Never there in clear, from the first moment on: salt and value lie sealed only.
    expect(await found({ name: Buffer.from('sealed apart') })).toEqual([]);
    expect(await found(marks)).toEqual(Object.keys(marks));

    const { entry } = await world.read<{ entry: { index: number } }>(id);
    await world.erase({ form: 'fields', subject: customer });
    await world.erase({ form: 'entries', start: entry.index, end: entry.index + 1 });
    await world.stop();
    await storage.close();
    const again = await openStorage({ directory: database, cacheDirectory });
    expect(await rewriteErased(again, 'acme')).toBe(true);
    expect(await rewriteErased(again, 'acme')).toBe(false);
    await again.close();
    expect(await found(marks)).toEqual([]);
    await rm(directory, { recursive: true });
  },
);
