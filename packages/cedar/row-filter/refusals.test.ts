import { describe, expect, test } from 'vitest';
import { createEntityStore } from '../entities/create-entity-store.ts';
import { parsePolicies } from '../text/parse-policies.ts';
import { EntityUid } from '../values/value.ts';
import { makeRecord } from '../values/record-prototype.ts';
import type { Columns } from './column.ts';
import { createRowFilters, type RowFilter, type RowQuestion } from './create-row-filters.ts';
import { knownEntities, rowColumns } from './testing/random-rows.ts';
import { writeSql } from './write-sql.ts';

function filterOf(policies: string, question: Partial<RowQuestion> = {}): RowFilter {
  return createRowFilters(parsePolicies(policies).map(({ policy }) => policy)).filter(
    {
      principal: new EntityUid('User', 'u0'),
      action: new EntityUid('Action', 'read'),
      resourceType: 'Row',
      context: makeRecord([]),
      columns: rowColumns,
      ...question,
    },
    createEntityStore(knownEntities()),
  );
}

const sqlOf = (filter: RowFilter) => (filter.kind === 'where' ? writeSql(filter.where).text : '');
const permitWhen = (condition: string) =>
  `permit (principal, action, resource) when { ${condition} };`;

describe('what cannot be expressed is refused, never left out', () => {
  test.each([
    ['resource.level + 1 < 9', 'not-expressible'],
    ['-resource.level == 1', 'not-expressible'],
    ['resource.hasTag("a")', 'not-expressible'],
    ['resource.address == {city: "a"}', 'not-expressible'],
    ['[resource.name].contains("a")', 'not-expressible'],
    ['resource.due.toDate() == resource.due', 'not-expressible'],
    ['resource.owner in resource.viewers', 'not-expressible'],
    ['resource.unheard == 1', 'no-column'],
    ['resource has unheard', 'no-column'],
    ['resource in Planet::"x"', 'no-column'],
    ['context.row.unheard', 'no-column'],
    ['Row::"r1".live', 'not-expressible'],
    ['Row::"r1" in Desk::"d1"', 'not-expressible'],
  ])('%s', (condition, code) => {
    expect(() => filterOf(permitWhen(condition))).toThrow(expect.objectContaining({ code }));
  });

  test('also in a forbid, which left out would show more', () => {
    const policies = `${permitWhen('true')} forbid (principal, action, resource) when { resource has unheard };`;
    expect(() => filterOf(policies)).toThrow(expect.objectContaining({ code: 'no-column' }));
  });

  test('but not where the known decides already', () => {
    expect(filterOf(permitWhen('principal in Group::"g9" && resource.unheard')).kind).toBe('none');
    expect(filterOf(permitWhen('true || resource.unheard')).kind).toBe('all');
  });

  test('a condition that doubles with each step is too large, and is not tried', () => {
    let condition = 'resource.live';
    for (let step = 0; step < 40; step += 1) {
      condition = `((if resource.locked then ${condition} else resource.live) == resource.live)`;
    }
    const before = performance.now();
    expect(() => filterOf(permitWhen(condition))).toThrow(/too large|so many branches/);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test.each<[string, Columns]>([
    [
      'a path of something else',
      { 'principal.name': { sql: 'x', type: 'string', nullable: true } },
    ],
    ['an id that may be NULL', { resource: { sql: 'x', type: { entity: 'Row' }, nullable: true } }],
  ])('a column that means nothing: %s', (_, columns) => {
    expect(() => filterOf(permitWhen('true'), { columns })).toThrow(
      expect.objectContaining({ code: 'bad-column' }),
    );
  });
});

test('an erring forbid hides the row; as Cedar has it, it is skipped', () => {
  const policies = `${permitWhen('resource.live')} forbid (principal, action, resource) when { resource.locked };`;
  expect(sqlOf(filterOf(policies))).toBe('((live) AND NOT (locked))');
  expect(sqlOf(filterOf(policies, { mode: 'cedar' }))).toBe(
    '((live) AND (NOT (locked) OR (locked) IS NULL))',
  );
});

test('values are parameters, and parameters of columns are numbered with them', () => {
  const columns: Columns = {
    'context.row.same': {
      sql: { strings: ['desk = ', '::text'], parameters: [`'; drop table rows`] },
      type: 'boolean',
      nullable: false,
    },
    'resource.name': { sql: 'name', type: 'string', nullable: false },
  };
  const filter = filterOf(permitWhen(`context.row.same && resource.name like "a%*'"`), { columns });
  expect(filter.kind === 'where' && writeSql(filter.where, 4)).toEqual({
    text: `((desk = $4::text) AND (name) LIKE $5::text ESCAPE '!')`,
    parameters: [`'; drop table rows`, `a!%%'`],
  });
});
