import type { Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databaseAttacks } from '../../tests/attacks/tampering/database-attacks.ts';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { createContext } from './context.ts';
import { migrations, type Ledger } from './index.ts';
import { followLog } from './projection/follow-log.ts';
import { memoryMark, testDeps, testId, testLedger } from './testing/index.ts';

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

describe('a changed row is found', () => {
  // The list is part of the corpus that docs/explain/what-tampering-is-noticed.md is written from.
  test.each(databaseAttacks)('$does', async ({ statement, said }) => {
    const ledger = await start();
    const last = await storage.transaction(async (tx) => {
      for (let turn = 0; turn < 260; turn += 1) {
        await ledger.record(tx, { kind: 'interaction.started', facts: { name: 'x' } });
      }
      return ledger.record(tx, {
        kind: 'proof.requested',
        personal: [{ subject: testId('cus'), retention: 'case', fields: { name: 'Paula' } }],
      });
    });
    await ledger.durable(last);
    await ledger.stop();
    await followLog(createContext(testDeps(storage)), 200);
    expect(await ledger.check()).toEqual([]);
    await sql.raw(statement).execute(storage.db);
    expect((await ledger.check()).join(' ')).toContain(said);
    expect((await ledger.fsck()).faults.join(' ')).toContain(said);
  });

  test('the edge of the tree in the head', async () => {
    const mark = memoryMark();
    const ledger = await start({ mark });
    await ledger.durable(
      await storage.transaction((tx) => ledger.record(tx, { kind: 'interaction.started' })),
    );
    await ledger.stop();
    await sql
      .raw(`UPDATE ledger_head SET peaks = '${Buffer.alloc(32).toString('base64')}'`)
      .execute(storage.db);
    const refused = testLedger(storage, { mark }).start();
    await expect(refused).rejects.toMatchObject({ code: 'log.altered' });
    await sql.raw(`UPDATE ledger_head SET peaks = ''`).execute(storage.db);
    await expect(testLedger(storage, { mark }).start()).rejects.toMatchObject({
      code: 'log.altered',
    });
  });
});

describe('a log that reads itself while it runs', () => {
  const one = (ledger: Ledger) =>
    storage.transaction((tx) => ledger.record(tx, { kind: 'interaction.started' }));

  test('raises an alarm for an altered row, once, and goes on', async () => {
    const told: string[] = [];
    const ledger = await start({
      onFault: ({ reason, stopped }) => told.push(`${stopped} ${reason}`),
    });
    for (let turn = 0; turn < 5; turn += 1) await ledger.durable(await one(ledger));
    await ledger.checkItself();
    expect(ledger.health().selfCheck).toMatchObject({ state: 'sound', faults: [] });
    expect(told).toEqual([]);

    await sql`update ledger_entries set kind = 'interaction.ended' where idx = 3`.execute(
      storage.db,
    );
    await ledger.checkItself();
    await ledger.checkItself();
    const faults = ['Entry 3 has other columns than it says.'];
    expect(ledger.health().selfCheck).toMatchObject({ state: 'differs', faults });
    expect(told).toEqual([`false The stored log differs: ${faults[0]}`]);
    // What was signed stays as it was signed: work goes on, and so does the log.
    await ledger.durable(await one(ledger));
    expect(ledger.health().state).toBe('running');

    await sql`update ledger_entries set kind = 'interaction.started' where idx = 3`.execute(
      storage.db,
    );
    await ledger.checkItself();
    expect(ledger.health().selfCheck.state).toBe('sound');
  });

  test('is looked at whole without a start, with each index, also where it must not start', async () => {
    const mark = memoryMark();
    const ledger = await start({ mark });
    for (let turn = 0; turn < 4; turn += 1) await ledger.durable(await one(ledger));
    await ledger.stop();
    const steps: string[] = [];
    const looked = testLedger(storage, { mark });
    const sound = await looked.fsck((what, checked, size) =>
      steps.push(`${what} ${checked}/${size}`),
    );
    expect(sound).toEqual({ size: 5, faults: [] });
    expect(steps).toEqual(['tree 5/5', 'index and personal fields 5/5']);

    await sql`update ledger_entries set leaf = replace(leaf, 'evt_', 'evu_') where idx in (1, 4)`.execute(
      storage.db,
    );
    await expect(looked.start()).rejects.toMatchObject({ code: 'log.altered' });
    const { faults } = await looked.fsck();
    expect(faults.slice(0, 2)).toEqual([
      'Entry 1 was altered: it has another hash.',
      'Entry 4 was altered: it has another hash.',
    ]);
    const newer = testLedger(storage, { mark: memoryMark('no checkpoint') });
    expect((await newer.fsck()).faults[0]).toBe(
      'The high-water mark is not signed by this log’s key.',
    );
  });
});
