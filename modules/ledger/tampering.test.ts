import type { Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
  const changes: Record<string, readonly [statement: string, found: string]> = {
    'a leaf': [
      `UPDATE ledger_entries SET leaf = replace(leaf, '"x"', '"y"') WHERE idx = 2`,
      'Entry 2 was altered: it has another hash',
    ],
    'a leaf and its hash': [
      `UPDATE ledger_entries SET leaf = (SELECT leaf FROM ledger_entries WHERE idx = 1),
        leaf_hash = (SELECT leaf_hash FROM ledger_entries WHERE idx = 1) WHERE idx = 2`,
      'The entries do not give the root',
    ],
    'a column of an entry': [
      `UPDATE ledger_entries SET kind = 'interaction.ended' WHERE idx = 2`,
      'Entry 2 has other columns than it says',
    ],
    'an entry taken away': [`DELETE FROM ledger_entries WHERE idx = 2`, 'Entry 2 is not there'],
    'the newest entries taken away': [
      `DELETE FROM ledger_entries WHERE idx >= 2`,
      'are not all there',
    ],
    'a ref taken away': [
      `DELETE FROM ledger_refs WHERE idx = 2 AND role = 'entry'`,
      'Entry 2 cannot be found',
    ],
    'a ref added': [
      `INSERT INTO ledger_refs VALUES ('acme', 2, 'ref:caseId', 'cse_x')`,
      'Entry 2 cannot be found',
    ],
    'a node': [`UPDATE ledger_nodes SET hash = '\\x00'`, 'Node 0 of level 8 was altered'],
    'a node taken away': [`DELETE FROM ledger_nodes`, 'Node 0 of level 8 was altered'],
    'the checkpoint': [
      `UPDATE ledger_head SET checkpoint = replace(checkpoint, 'acme', 'acmf')`,
      'The head of the log is not the one that its checkpoint signs',
    ],
    'what an entry is searched by': [
      `UPDATE ledger_facets SET kind = 'interaction.ended' WHERE idx = 7`,
      'Entry 7 is not searched by what it says',
    ],
    'a pseudonym': [
      `UPDATE ledger_pseudonyms SET subject_id = 'stf_somebody_else'`,
      'was not written by this ledger',
    ],
    'a sealed field': [
      `UPDATE ledger_disclosures SET sealed = substring(sealed from 2)`,
      'the seal of',
    ],
    'a field moved to another entry': [
      `UPDATE ledger_disclosures SET evidence_id = 'evt_other'`,
      'lacks 1 of its personal fields',
    ],
    'a sealed key': [
      `UPDATE ledger_keys SET sealed_key = substring(sealed_key from 2)`,
      'the seal of',
    ],
    'a key taken away': [`DELETE FROM ledger_keys`, 'lacks 1 of its personal fields'],
    'an entry slipped into the outbox': [
      `INSERT INTO ledger_outbox VALUES ('acme', 1, 'evt_x', '{}', 'AAAA')`,
      'was not written by this ledger',
    ],
  };

  test.each(Object.entries(changes))('%s', async (_, [statement, found]) => {
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
    expect((await ledger.check()).join(' ')).toContain(found);
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
