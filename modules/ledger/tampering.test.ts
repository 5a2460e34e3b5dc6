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
