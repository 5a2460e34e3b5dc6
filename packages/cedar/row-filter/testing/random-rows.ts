import type { EntityData } from '../../entities/create-entity-store.ts';
import { makeRecord } from '../../values/record-prototype.ts';
import { Datetime } from '../../values/datetime.ts';
import { Decimal } from '../../values/decimal.ts';
import { EntityUid, makeSet, toLong, type CedarRecord, type Long } from '../../values/value.ts';
import type { Columns } from '../column.ts';

/** A row as the database holds it; NULL is an absent attribute. Longs are texts. */
export interface Row {
  readonly id: string;
  readonly owner: string | null;
  readonly owner_desk: string | null;
  readonly owner_groups: readonly string[] | null;
  readonly desk: string;
  readonly team: string | null;
  readonly groups: readonly string[] | null;
  readonly name: string | null;
  readonly code: string;
  readonly city: string | null;
  readonly amount: string | null;
  readonly level: number;
  readonly locked: boolean | null;
  readonly live: boolean;
  readonly due: string | null;
  readonly price: string | null;
  readonly tags: readonly string[] | null;
  readonly numbers: readonly string[];
  readonly viewers: readonly string[] | null;
  readonly same: boolean | null;
}

/** The table of {@link Row}. */
export const rowTable = `create table rows (
  id text primary key, owner text, owner_desk text, owner_groups text[], desk text not null,
  team text, groups text[], name text, code varchar not null, city text, amount bigint,
  level integer not null, locked boolean, live boolean not null, due bigint, price bigint,
  tags text[], numbers bigint[] not null, viewers text[], same boolean)`;

/** Where the attributes of `Row` stand in the table. */
export const rowColumns: Columns = {
  resource: {
    sql: 'id',
    type: { entity: 'Row' },
    nullable: false,
    ancestors: {
      Desk: { sql: 'desk', nullable: false },
      Team: { sql: 'team', nullable: true },
      Group: { sql: 'groups', nullable: true, isArray: true },
      Row: 'none',
      User: 'none',
    },
  },
  'resource.owner': {
    sql: 'owner',
    type: { entity: 'User' },
    nullable: true,
    ancestors: {
      Group: { sql: 'owner_groups', nullable: true, isArray: true },
      Desk: 'none',
      Team: 'none',
      Row: 'none',
      User: 'none',
    },
  },
  'resource.owner.desk': { sql: 'owner_desk', type: 'string', nullable: true },
  'resource.name': { sql: 'name', type: 'string', nullable: true },
  'resource.code': { sql: 'code', type: 'string', nullable: false },
  'resource.address.city': { sql: 'city', type: 'string', nullable: true },
  'resource.amount': { sql: 'amount', type: 'long', nullable: true },
  'resource.level': { sql: 'level', type: 'long', nullable: false },
  'resource.locked': { sql: 'locked', type: 'boolean', nullable: true },
  'resource.live': { sql: 'live', type: 'boolean', nullable: false },
  'resource.due': { sql: 'due', type: 'datetime', nullable: true },
  'resource.price': { sql: 'price', type: 'decimal', nullable: true },
  'resource.tags': { sql: 'tags', type: { set: 'string' }, nullable: true },
  'resource.numbers': { sql: 'numbers', type: { set: 'long' }, nullable: false },
  'resource.viewers': { sql: 'viewers', type: { set: { entity: 'User' } }, nullable: true },
  'resource.note': 'absent',
  'context.row.same': { sql: 'same', type: 'boolean', nullable: true },
};

/** Texts that SQL, patterns or collations could take for something else. */
export const texts = [
  '',
  'a',
  'A',
  'ab',
  'b',
  'a%',
  'a_',
  '%',
  '_',
  '!',
  'a!',
  '\\',
  "'",
  'é',
  'e\u0301',
  'ß',
  'ss',
  'a ',
  '😀',
  '"',
  '{a}',
  'NULL',
  '$1',
] as const;

/** Longs at every edge. */
export const longs = [
  -(2n ** 63n),
  -(2n ** 53n) - 1n,
  -(2n ** 31n) - 1n,
  -1n,
  0n,
  1n,
  2n,
  7n,
  2n ** 31n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
] as const;

const desks = ['d1', 'd2', 'd3'] as const;
const groups = ['g1', 'g2', 'g3'] as const;
const teams = ['t1', 't2'] as const;

interface User {
  readonly id: string;
  readonly desk: string | undefined;
  readonly groups: readonly string[];
  readonly senior: boolean | undefined;
  /** A reference to nobody: the entity is not there. */
  readonly isMissing?: true;
}

const users: readonly User[] = [
  { id: 'u0', desk: 'd1', groups: [], senior: true },
  { id: 'u1', desk: 'd2', groups: ['g1'], senior: false },
  { id: 'u2', desk: undefined, groups: ['g1', 'g2'], senior: undefined },
  { id: 'u3', desk: 'a%', groups: ['g3'], senior: true },
  { id: 'u4', desk: undefined, groups: [], senior: undefined, isMissing: true },
];

/** Numbers from 0 to 1 that a seed determines (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rows with NULL wherever one may be. */
export function randomRows(count: number, random: () => number): Row[] {
  const pick = <T>(from: readonly T[]): T => {
    const found = from[Math.floor(random() * from.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  };
  const maybe = <T>(make: () => T): T | null => (random() < 0.25 ? null : make());
  const some = <T>(from: readonly T[]): T[] => from.filter(() => random() < 0.3);
  return Array.from({ length: count }, (_, index) => {
    const owner = maybe(() => pick(users));
    return {
      id: `r${index}`,
      owner: owner?.id ?? null,
      owner_desk: owner?.desk ?? null,
      owner_groups: owner?.groups ?? null,
      desk: pick(desks),
      team: maybe(() => pick(teams)),
      groups: maybe(() => some(groups)),
      name: maybe(() => pick(texts)),
      code: pick(texts),
      city: maybe(() => pick(texts)),
      amount: maybe(() => String(pick(longs))),
      level: Math.floor(random() * 8) - 2,
      locked: maybe(() => random() < 0.5),
      live: random() < 0.5,
      due: maybe(() => String(Math.floor(random() * 4) * 86_400_000)),
      price: maybe(() => String(Math.floor(random() * 5) * 5000)),
      tags: maybe(() => some(['a', 'b', 'é', 'NULL', '"'])),
      numbers: some(longs).map(String),
      viewers: maybe(() => some(users).map(({ id }) => id)),
      same: maybe(() => random() < 0.5),
    };
  });
}

/** Everything that is not a row. */
export function knownEntities(): EntityData[] {
  const plain = (type: string, id: string): EntityData => ({
    uid: new EntityUid(type, id),
    attributes: makeRecord([]),
    tags: makeRecord([]),
    parents: [],
  });
  return [
    ...desks.map((id) => plain('Desk', id)),
    ...teams.map((id) => plain('Team', id)),
    ...groups.map((id) => plain('Group', id)),
    ...users
      .filter(({ isMissing }) => isMissing !== true)
      .map(({ id, desk, groups: above, senior }) => ({
        uid: new EntityUid('User', id),
        attributes: makeRecord([
          ['desk', desk],
          ['senior', senior],
          ['desks', makeSet(['d1', 'a', ...(desk === undefined ? [] : [desk])])],
        ]),
        tags: makeRecord([]),
        parents: above.map((group) => new EntityUid('Group', group)),
      })),
  ];
}

/** A row as an authorizer knows it. */
export function entityOf(row: Row): EntityData {
  const uids = (type: string, ids: readonly string[]) => ids.map((id) => new EntityUid(type, id));
  return {
    uid: new EntityUid('Row', row.id),
    attributes: makeRecord([
      ['owner', row.owner === null ? undefined : new EntityUid('User', row.owner)],
      ['name', row.name ?? undefined],
      ['code', row.code],
      ['address', makeRecord([['city', row.city ?? undefined]])],
      ['amount', long(row.amount)],
      ['level', row.level],
      ['locked', row.locked ?? undefined],
      ['live', row.live],
      ['due', row.due === null ? undefined : new Datetime(Number(row.due))],
      ['price', row.price === null ? undefined : new Decimal(Number(row.price))],
      ['tags', row.tags === null ? undefined : makeSet(row.tags)],
      ['numbers', makeSet(row.numbers.flatMap((number) => long(number) ?? []))],
      ['viewers', row.viewers === null ? undefined : makeSet(uids('User', row.viewers))],
    ]),
    tags: makeRecord([]),
    parents: [
      new EntityUid('Desk', row.desk),
      ...(row.team === null ? [] : uids('Team', [row.team])),
      ...uids('Group', row.groups ?? []),
    ],
  };
}

/** The context of a question about one row. */
export function contextOf(known: CedarRecord, row: Row): CedarRecord {
  const members = Object.entries(known);
  return makeRecord([...members, ['row', makeRecord([['same', row.same ?? undefined]])]]);
}

function long(text: string | null): Long | undefined {
  return text === null ? undefined : toLong(BigInt(text));
}
