import { expect, test } from 'vitest';
import { Frame } from './authorize/frame.ts';
import { PolicyIndex } from './authorize/policy-index.ts';
import {
  createAuthorizer,
  createEntityStore,
  EntityUid,
  generateConverter,
  parsePolicies,
  readEntities,
  readJson,
  readSchema,
  type Answer,
  type CedarRecord,
} from './index.ts';
import { readValue } from './values/read-value.ts';
import { isRecord } from './values/value.ts';

const uid = (type: string, id: string) => new EntityUid(type, id);
const nobody = createEntityStore([]);

function contextOf(json: unknown): CedarRecord {
  const context = readValue(json, ['context']);
  if (!isRecord(context)) throw new Error('no record');
  return context;
}

function engine(...texts: readonly string[]) {
  const parsed = texts.flatMap((text) => parsePolicies(text));
  return createAuthorizer(new Map(parsed.map(({ policy }, index) => [`p${index}`, policy])));
}

/** What a policy with this condition says of a context. */
function decide(condition: string, context: CedarRecord, principal = uid('U', 'a')): Answer {
  const authorizer = engine(`permit(principal, action, resource) when { ${condition} };`);
  const [action, resource] = [uid('Action', 'view'), uid('R', 'r')];
  return authorizer.authorize({ principal, action, resource, context }, nobody);
}

/** The machine may be busy; what is meant is not seconds but hours. */
const SOON_MS = 8_000;

function soon<T>(act: () => T): T {
  const start = performance.now();
  const result = act();
  expect(performance.now() - start).toBeLessThan(SOON_MS);
  return result;
}

function refusal(act: () => unknown): object {
  try {
    act();
  } catch (error) {
    // A `CedarInputError` or `CedarSyntaxError`; anything else has none of these.
    const { code, path, line, column } = error as Record<string, unknown>;
    return { code, ...(path === undefined ? { line, column } : { path }) };
  }
  return { code: 'none' };
}

const schema = readSchema({
  '': {
    entityTypes: { U: { memberOfTypes: ['U'] }, R: {} },
    actions: {
      view: {
        appliesTo: {
          principalTypes: ['U'],
          resourceTypes: ['R'],
          context: {
            type: 'Record',
            attributes: {
              amount: { type: 'Long', required: false },
              lists: {
                type: 'Set',
                required: false,
                element: {
                  type: 'Set',
                  element: { type: 'Record', attributes: { a: { type: 'Long' } } },
                },
              },
            },
          },
        },
      },
    },
  },
});
const readContext = (json: unknown) => {
  const view = schema.actions.get('Action')?.get('view');
  if (view === undefined) throw new Error('no action');
  return generateConverter(view.context)(json, ['context']);
};

const many = <T>(length: number, make: (index: number) => T) =>
  Array.from({ length }, (_, i) => make(i));

test('a context of ten megabytes is refused soon, with a schema and without', () => {
  const lists = many(110, () => many(9_999, (a) => ({ a })));
  const text = JSON.stringify({ lists });
  expect(text.length).toBeGreaterThan(10_000_000);
  const json = readJson(text);
  const bare = soon(() => refusal(() => contextOf(json)));
  expect(bare).toMatchObject({ code: 'too-large' });
  expect(soon(() => refusal(() => readContext(json)))).toEqual({
    code: 'too-large',
    path: ['context'],
  });
  expect(refusal(() => readJson('[0]', { maxLength: 2 }))).toMatchObject({ code: 'too-large' });
});

const makers: readonly (readonly [string, (index: number) => unknown])[] = [
  ['records', (a: number) => ({ a, b: 'x' })],
  ['sets', (a: number) => [a, [a]]],
  ['extension values', (a: number) => ({ __extn: { fn: 'decimal', arg: `${a}.0` } })],
  ['references', (a: number) => ({ __entity: { type: 'U', id: `${a}` } })],
  ['longs', (a: number) => a],
];

test.each(makers)('sets of thousands of %s are read and compared soon', (_, make) => {
  const forwards = many(5_000, make);
  const context = soon(() => contextOf({ a: forwards, b: forwards.toReversed(), c: [make(-1)] }));
  const condition =
    'context.a == context.b && context.a.containsAll(context.b) && !context.a.containsAny(context.c)';
  expect(soon(() => decide(condition, context)).decision).toBe('allow');
});

test('sets that differ in their depths only are compared soon', () => {
  const nest = (depth: number, last: unknown): unknown =>
    depth === 0 ? last : [nest(depth - 1, last), nest(depth - 1, [last])];
  const context = contextOf({ a: nest(11, 1), b: nest(11, 1), c: nest(11, 2) });
  expect(soon(() => decide('context.a == context.b && context.a != context.c', context))).toEqual({
    decision: 'allow',
    determining: ['p0'],
    errors: [],
  });
});

test('the same element twice in a set is one element', () => {
  const context = contextOf({ r: { n: 1 }, s: [{ n: 1 }, [1, 2], [2, 1]] });
  const same = '[context.r, context.r, {n: 1}] == [{n: 1}] && context.s == [[1, 2], context.r]';
  expect(decide(same, context).decision).toBe('allow');
});

test.each([
  ['parentheses', (n: number) => `${'('.repeat(n)}true${')'.repeat(n)}`],
  ['negations', (n: number) => `${'!('.repeat(n)}true${')'.repeat(n)}`],
  ['ifs', (n: number) => `${'if true then '.repeat(n)}true${' else false'.repeat(n)}`],
  ['conditions', (n: number) => `${'if '.repeat(n)}true${' then true else false'.repeat(n)}`],
  ['sums', (n: number) => `0${' + 0'.repeat(n)} == 0`],
  ['conjunctions', (n: number) => `true${' && true'.repeat(n)}`],
  ['sets', (n: number) => `${'['.repeat(n)}1${']'.repeat(n)} != 1`],
  ['records', (n: number) => `${'{a: '.repeat(n)}1${'}'.repeat(n)} != 1`],
])('%s as deep as is legal are compiled and evaluated, deeper ones refused', (_, make) => {
  expect(decide(make(240), contextOf({})).decision).toBe('allow');
  const text = `permit(principal, action, resource) when { ${make(100_000)} };`;
  expect(refusal(() => parsePolicies(text))).toMatchObject({ code: 'too-deep', line: 1 });
});

test('hundreds of thousands of literals are compiled and looked through soon', () => {
  const list = many(200_000, (index) => `U::"${index}"`).join(',');
  const authorizer = soon(() =>
    engine(`permit(principal, action, resource) when { [${list}].contains(principal) };`),
  );
  const request = {
    action: uid('Action', 'view'),
    resource: uid('R', 'r'),
    context: contextOf({}),
  };
  for (const [id, decision] of [
    ['199999', 'allow'],
    ['x', 'deny'],
  ] as const) {
    const answer = soon(() =>
      authorizer.authorize({ ...request, principal: uid('U', id) }, nobody),
    );
    expect(answer.decision).toBe(decision);
  }
});

test('a pattern made to be slow is matched soon against a megabyte', () => {
  const context = contextOf({ text: 'a'.repeat(1_000_000) });
  for (const pattern of [`${'a*'.repeat(1_000)}b*a`, `*${'a'.repeat(5_000)}b*`, '*a*a*a*a*a*b']) {
    expect(soon(() => decide(`context.text like "${pattern}"`, context)).decision).toBe('deny');
  }
});

test('requests that name ever other actions and types do not fill the memory', () => {
  const index = new PolicyIndex([]);
  const slice = (name: string) => {
    const [principal, action] = [uid(name, 'a'), uid('Action', name)];
    const request = { principal, action, resource: uid('R', 'r'), context: contextOf({}) };
    return index.sliceFor(new Frame(request, nobody));
  };
  const first = slice('U');
  for (let number = 0; number < 5_000; number += 1) slice(`T${number}`);
  expect(slice('U')).toBe(first);
  // Made anew each time, and kept nowhere.
  expect(slice('Another')).not.toBe(slice('Another'));
});

test.each([
  ['permit(principal, action, resource) when { 1 + };', 'unexpected-token', [1, 48]],
  ['permit(principal, action, resource);\nallow(principal);', 'bad-effect', [2, 1]],
  ['permit(principal, action, resource) when { true }', 'unexpected-end', [1, 50]],
  ['permit(principal, action, resource) when { "x };', 'unterminated-string', [1, 44]],
] as const)('the policy %j is refused with a code and a position', (text, code, [line, column]) => {
  expect(refusal(() => parsePolicies(text))).toEqual({ code, line, column });
});

const entity = (id: string, ...parents: string[]) => ({
  uid: { type: 'U', id },
  attrs: {},
  parents: parents.map((parent) => ({ type: 'U', id: parent })),
});

test('entities that are above themselves, twice there, or of no type are refused', () => {
  const store = (json: unknown) => createEntityStore(readEntities(json, { schema }));
  expect(refusal(() => store([entity('a', 'b'), entity('b', 'a')]))).toMatchObject({
    code: 'cycle',
  });
  expect(refusal(() => store([entity('a', 'a')]))).toMatchObject({ code: 'cycle' });
  expect(refusal(() => store([entity('a', 'b'), entity('a')]))).toMatchObject({
    code: 'duplicate',
  });
  expect(
    refusal(() => store([entity('b'), { ...entity('a'), uid: { type: 'X', id: 'a' } }])),
  ).toEqual({
    code: 'undeclared',
    path: [1, 'uid'],
  });
});

test('a context that lies about a type is refused, and names the place', () => {
  for (const amount of ['1', 1.5, true, { __extn: { fn: 'decimal', arg: '1.0' } }, null, [1]]) {
    expect(refusal(() => readContext({ amount }))).toMatchObject({ path: ['context', 'amount'] });
  }
  expect(refusal(() => readContext({ amount: 1, more: 1 }))).toEqual({
    code: 'attribute-undeclared',
    path: ['context', 'more'],
  });
});

test('after a refusal, the next context is read as if nothing had been', () => {
  expect(
    refusal(() => readContext({ lists: many(60, () => many(9_999, (a) => ({ a }))) })),
  ).toMatchObject({
    code: 'too-large',
  });
  expect(readContext({ amount: 7, lists: [[{ a: 1 }]] })['amount']).toBe(7);
});
