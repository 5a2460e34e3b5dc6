/** A type of values in the worlds that are made up: how a schema writes it, and values as JSON. */
export interface Kind {
  readonly schema: string;
  /** Good without a schema too: references and extension values have their escapes. */
  readonly values: readonly unknown[];
  /** Good only where a schema says the type. */
  readonly bare?: readonly unknown[];
}

const users = ['a', 'b', 'c', ''].map((id) => ({ type: 'U', id }));
const groups = ['g', 'h', '__proto__'].map((id) => ({ type: 'G', id }));
const colors = ['red', 'green'].map((id) => ({ type: 'Color', id }));
const texts = ['', 'a', 'abc', 'a*c', 'aaab', 'é😀', '😀', '10.0.0.1', '2024-01-01', '__proto__'];

function references(uids: readonly object[]): readonly unknown[] {
  return uids.map((uid) => ({ __entity: uid }));
}

function calls(fn: string, all: readonly string[]): readonly unknown[] {
  return all.map((arg) => ({ __extn: { fn, arg } }));
}

function extension(schema: string, fn: string, ...all: readonly string[]): Kind {
  return { schema, values: calls(fn, all), bare: all };
}

/** Hand-made so that equal values, and nearly equal ones, meet often. */
export const kinds: Readonly<Record<string, Kind>> = {
  long: { schema: 'Long', values: [0, 1, -1, 2, 7, 2 ** 53 - 1, -(2 ** 53 - 1), -0] },
  bool: { schema: 'Bool', values: [true, false] },
  string: { schema: 'String', values: texts },
  user: { schema: 'U', values: references(users), bare: users },
  group: { schema: 'G', values: references(groups), bare: groups },
  color: { schema: 'Color', values: references(colors), bare: colors },
  longs: { schema: 'Set<Long>', values: [[], [1, 2], [2, 1, 1], [1], [0, -1, 7]] },
  strings: { schema: 'Set<String>', values: [[], ['a'], texts, ['abc', 'a', 'abc']] },
  users: {
    schema: 'Set<U>',
    values: [[], references(users), references(users.slice(0, 1))],
    bare: [users],
  },
  groups: { schema: 'Set<G>', values: [[], references(groups)], bare: [groups] },
  records: {
    schema: 'Set<{ n?: Long, s?: String }>',
    values: [[], [{ n: 1 }, { n: 1, s: '' }, { n: 1 }], [{}], [{ s: 'a', n: 1 }]],
  },
  ips: {
    schema: 'Set<ipaddr>',
    values: [calls('ip', ['10.0.0.1', '10.0.0.1/32', '::1']), []],
    bare: [['10.0.0.0/8', '10.0.0.1']],
  },
  sets: { schema: 'Set<Set<Long>>', values: [[], [[1, 2], [2, 1], []], [[1]]] },
  record: {
    schema: '{ n?: Long, s?: String, ok?: Bool, owner?: U, rec?: { n?: Long, s?: String } }',
    values: [
      {},
      { n: 1, s: 'a' },
      { n: 7, ok: true, rec: { n: 1 } },
      { owner: { __entity: users[0] }, rec: {} },
      { s: '😀', rec: { s: 'abc', n: -1 } },
    ],
    bare: [{ owner: users[1] }],
  },
  decimal: extension('decimal', 'decimal', '0.0', '1.5', '1.50', '-0.0001', '922337203685477.5807'),
  ip: extension(
    'ipaddr',
    'ip',
    '10.0.0.1',
    '10.0.0.0/8',
    '127.0.0.1',
    '::1',
    'ff00::/8',
    '1.2.3.4',
  ),
  datetime: extension(
    'datetime',
    'datetime',
    '1970-01-01',
    '2024-02-29T12:00:00Z',
    '2024-02-29T13:00:00.000+0100',
    '0000-01-01T00:00:00+2359',
    '9999-12-31T23:59:59.999-2359',
  ),
  duration: extension('duration', 'duration', '0ms', '1h', '60m', '-1d', '9223372036854775807ms'),
};

/** Attributes, tags and the kinds that they usually have; names that JavaScript knows among them. */
export const attributeKinds: Readonly<Record<string, string>> = Object.fromEntries([
  ['n', 'long'],
  ['m', 'long'],
  ['__proto__', 'long'],
  ['two words', 'long'],
  ['ok', 'bool'],
  ['if', 'bool'],
  ['s', 'string'],
  ['constructor', 'string'],
  ['owner', 'user'],
  ['team', 'group'],
  ['color', 'color'],
  ['list', 'longs'],
  ['names', 'strings'],
  ['friends', 'users'],
  ['teams', 'groups'],
  ['recs', 'records'],
  ['ips', 'ips'],
  ['sets', 'sets'],
  ['rec', 'record'],
  ['toString', 'record'],
  ['price', 'decimal'],
  ['addr', 'ip'],
  ['at', 'datetime'],
  ['took', 'duration'],
]);

/** The names of attributes in their order. */
export const attributeNames: readonly string[] = Object.keys(attributeKinds);
