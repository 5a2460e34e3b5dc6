import { CompiledQuery } from 'kysely';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { policySets, questions } from './testing/arbitrary-policies.ts';
import { Ground, type Query } from './testing/compare-decisions.ts';
import { randomOf, randomRows, rowTable } from './testing/random-rows.ts';

const ROWS = 100;
const SETS = 400;

let storage: Storage;
const rows = randomRows(ROWS, randomOf(1));
const query: Query = async (text, parameters) => {
  const { rows: found } = await storage.db.executeQuery<{ id: string }>(
    CompiledQuery.raw(text, [...parameters]),
  );
  return found.map(({ id }) => id);
};

beforeAll(async () => {
  storage = await openTestStorage([{ id: 'rows-1', why: 'Rows to filter.', sql: rowTable }]);
  await query('insert into rows select * from jsonb_populate_recordset(null::rows, $1::jsonb)', [
    JSON.stringify(rows),
  ]);
});

afterAll(() => storage.close());

test('a filter selects exactly the rows that the policies permit one by one', async () => {
  const ground = new Ground(rows);
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(policySets, questions, async (policies, asked) => {
      const answers = await ground.compare(policies, asked, query);
      if (answers === undefined) return;
      compared += 1;
      expect(answers.inSql).toEqual(answers.oneByOne);
    }),
    { numRuns: SETS, seed: 20261121 },
  );
  expect(compared * ROWS).toBeGreaterThan(20_000);
});
