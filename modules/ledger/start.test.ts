import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from '@proofline/storage';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { fileHighWaterMark, LedgerStartError, migrations, type Ledger } from './index.ts';
import { tables } from './store/tables.ts';
import { memoryMark, testLedger } from './testing/index.ts';

let storage: Storage;
const started: Ledger[] = [];

beforeEach(async () => {
  storage = await openTestStorage(migrations);
});
afterEach(async () => {
  for (const ledger of started.splice(0)) await ledger.stop();
  await storage.close();
});

async function start(change: Parameters<typeof testLedger>[1] = {}): Promise<Ledger> {
  const ledger = testLedger(storage, change);
  await ledger.start();
  started.push(ledger);
  return ledger;
}

function recordOne(ledger: Ledger, name = 'x') {
  return storage.transaction((tx) =>
    ledger.record(tx, { kind: 'interaction.started', facts: { name } }),
  );
}

describe('a start', () => {
  async function logOf(entries: number, mark = memoryMark()) {
    const ledger = await start({ mark });
    for (let turn = 0; turn < entries; turn += 1) await ledger.durable(await recordOne(ledger));
    await ledger.stop();
    return mark;
  }

  async function refusal(change: Parameters<typeof testLedger>[1]): Promise<string> {
    try {
      await testLedger(storage, change).start();
    } catch (error) {
      if (error instanceof LedgerStartError) return error.code;
      throw error;
    }
    return 'started';
  }

  test('goes on where the log ended', async () => {
    const mark = await logOf(5);
    const ledger = await start({ mark });
    expect(ledger.health().size).toBe(6);
    await expect(ledger.durable(await recordOne(ledger))).resolves.toEqual({ index: 6 });
  });

  test('goes on after a crash between the commit and the mark', async () => {
    const mark = await logOf(2);
    const older = mark.current()!;
    await logOf(2, mark);
    const behind = memoryMark(older);
    await start({ mark: behind });
    expect(behind.current()).toBe(mark.current());
  });

  test('is refused on a database that is older than the mark', async () => {
    const mark = await logOf(3);
    const older = await tables(storage.db).selectFrom('ledger_head').selectAll().executeTakeFirst();
    await logOf(3, mark);
    await tables(storage.db).deleteFrom('ledger_entries').where('idx', '>=', 4).execute();
    await tables(storage.db).updateTable('ledger_head').set(older!).execute();
    expect(await refusal({ mark })).toBe('log.rolled-back');
  });

  test('is refused on an empty database when the mark knows of a log', async () => {
    const mark = await logOf(1);
    for (const table of ['ledger_entries', 'ledger_refs', 'ledger_head'] as const) {
      await tables(storage.db).deleteFrom(table).execute();
    }
    expect(await refusal({ mark })).toBe('log.rolled-back');
  });

  test('is refused on a restored database that went on by itself: a fork', async () => {
    const mark = await logOf(3);
    const other = await openTestStorage(migrations);
    const fork = testLedger(other);
    await fork.start();
    for (let turn = 0; turn < 5; turn += 1) {
      await fork.durable(
        await other.transaction((tx) => fork.record(tx, { kind: 'interaction.started' })),
      );
    }
    await fork.stop();
    const refused = testLedger(other, { mark }).start();
    await expect(refused).rejects.toMatchObject({ code: 'log.forked' });
    await other.close();
  });

  test('is refused without the mark, with a mark of another key, with an unreadable one', async () => {
    const mark = await logOf(2);
    expect(await refusal({ mark: memoryMark() })).toBe('log.mark-missing');
    expect(await refusal({ mark: memoryMark('nothing') })).toBe('log.mark-unreadable');
    const signingSeed = new Uint8Array(32);
    expect(await refusal({ mark, signingSeed })).toBe('log.mark-unreadable');
    expect(await refusal({ mark, origin: 'staff.localhost/other' })).toBe('log.mark-unreadable');
    expect(await refusal({ mark })).toBe('started');
  });

  test('keeps the mark in a file that is never half written', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mark-'));
    const path = join(directory, 'deep', 'high-water-mark');
    const mark = fileHighWaterMark(path);
    expect(await mark.read()).toBeUndefined();
    await logOf(3, { ...mark, current: () => undefined });
    expect(await readFile(path, 'utf8')).toBe(await headNote());
    expect(await readdir(join(directory, 'deep'))).toEqual(['high-water-mark']);
    // What a crash in the middle of a write leaves behind does no harm.
    await writeFile(`${path}.new`, 'half');
    await start({ mark });
    await rm(directory, { recursive: true });
  });
});

async function headNote(): Promise<string> {
  const head = await tables(storage.db).selectFrom('ledger_head').selectAll().executeTakeFirst();
  return head!.checkpoint;
}
