import { CompiledQuery } from 'kysely';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db, Storage } from '@proofline/storage';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { createEntityStore } from '../entities/create-entity-store.ts';
import { parsePolicies } from '../text/parse-policies.ts';
import { Datetime } from '../values/datetime.ts';
import { makeRecord } from '../values/record-prototype.ts';
import { EntityUid, makeSet, type CedarRecord } from '../values/value.ts';
import type { Columns } from './column.ts';
import { createRowFilters } from './create-row-filters.ts';
import { policySets, questions } from './testing/arbitrary-policies.ts';
import { Ground, type Query } from './testing/compare-decisions.ts';
import { randomOf, randomRows, rowColumns, rowTable } from './testing/random-rows.ts';
import { writeSql } from './write-sql.ts';

const ROWS = 100;
const SETS = 400;

let storage: Storage;
let db: Db;
const rows = randomRows(ROWS, randomOf(1));
const query: Query = async (text, parameters) => {
  const { rows: found } = await db.executeQuery<{ id: string }>(
    CompiledQuery.raw(text, [...parameters]),
  );
  return found.map(({ id }) => id);
};

beforeAll(async () => {
  storage = await openTestStorage([{ id: 'rows-1', why: 'Rows to filter.', sql: rowTable }]);
  ({ db } = storage);
  await query('insert into rows select * from jsonb_populate_recordset(null::rows, $1::jsonb)', [
    JSON.stringify(rows),
  ]);
});

afterAll(() => storage.close());

/** On one connection of the pool: what is set for a session holds. */
async function onOneConnection(work: () => Promise<void>): Promise<void> {
  await storage.db.connection().execute(async (connection) => {
    db = connection;
    await work().finally(() => {
      db = storage.db;
    });
  });
}

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

describe('where SQL could compute otherwise than Cedar', () => {
  const select = async (
    condition: string,
    context: CedarRecord,
    columns: Columns = rowColumns,
  ): Promise<{ readonly ids: readonly string[]; readonly parameters: readonly unknown[] }> => {
    const policies = parsePolicies(`permit (principal, action, resource) when { ${condition} };`);
    const filter = createRowFilters(policies.map(({ policy }) => policy)).filter(
      {
        principal: new EntityUid('User', 'u0'),
        action: new EntityUid('Action', 'read'),
        resourceType: 'Row',
        context,
        columns,
      },
      createEntityStore([]),
    );
    if (filter.kind !== 'where') throw new Error(`no condition, but ${filter.kind}`);
    const { text, parameters } = writeSql(filter.where);
    const ids = await query(`select id from rows where ${text} order by id`, parameters);
    return { ids, parameters };
  };
  const ofCode = (isWanted: (code: string) => boolean) =>
    rows.flatMap(({ id, code }) => (isWanted(code) ? [id] : [])).toSorted();

  test('a set of more members than a statement has parameters is one parameter', async () => {
    const words = makeSet(['a', 'é', ...Array.from({ length: 70_000 }, (_, at) => `w${at}`)]);
    const among = await select(
      'context.words.contains(resource.code)',
      makeRecord([['words', words]]),
    );
    expect(among.ids).toEqual(ofCode((code) => ['a', 'é'].includes(code)));
    expect(among.parameters).toHaveLength(1);
    const others = await select(
      '!context.words.contains(resource.code)',
      makeRecord([['words', words]]),
    );
    expect(others.ids).toEqual(ofCode((code) => !['a', 'é'].includes(code)));
  });

  test('an empty set contains nothing, and its negation everything', async () => {
    const empty = makeRecord([['words', makeSet([])]]);
    const none = select('context.words.contains(resource.code) && resource.live', empty);
    await expect(none).rejects.toThrow('no condition, but none');
    const all = select('!context.words.contains(resource.code)', empty);
    await expect(all).rejects.toThrow('no condition, but all');
  });

  test.each(['UTC', 'Pacific/Kiritimati', 'America/St_Johns'])(
    'a moment is the same moment with the connection at %s',
    async (zone) => {
      await onOneConnection(async () => {
        await query(`select set_config('TimeZone', $1, false) as id`, [zone]);
        // One row each day, half an hour before midnight of UTC.
        const at = `(timestamptz '1970-01-01 23:30:00Z' + level * interval '24 hours')`;
        const columns: Columns = {
          ...rowColumns,
          'resource.at': {
            sql: `(extract(epoch from ${at}) * 1000)::bigint`,
            type: 'datetime',
            nullable: false,
          },
        };
        const now = makeRecord([['now', new Datetime(2 * 86_400_000)]]);
        const { ids } = await select('resource.at < context.now', now, columns);
        expect(ids).toEqual(rows.flatMap(({ id, level }) => (level <= 1 ? [id] : [])).toSorted());
        await query(`select set_config('TimeZone', 'UTC', false) as id`, []);
      });
    },
  );

  test('texts are compared by their characters, whatever the collation says, with COLLATE "C"', async () => {
    // A server without ICU has no collation that could disagree.
    const { length } = await query(
      `select collname as id from pg_collation where collprovider = $1`,
      ['i'],
    );
    if (length === 0) return;
    await onOneConnection(async () => {
      await query('begin', []);
      try {
        await query(
          `create collation alike (provider = icu, locale = 'und-u-ks-level1', deterministic = false)`,
          [],
        );
        await query('alter table rows alter column code type text collate alike', []);
        const exact: Columns = {
          ...rowColumns,
          'resource.code': { sql: 'code collate "C"', type: 'string', nullable: false },
        };
        const word = makeRecord([['word', 'a']]);
        const { ids } = await select('resource.code == context.word', word, exact);
        expect(ids).toEqual(ofCode((code) => code === 'a'));
        const like = await select('resource.code like "a*"', word, exact);
        expect(like.ids).toEqual(ofCode((code) => code.startsWith('a')));
      } finally {
        await query('rollback', []);
      }
    });
  });
});
