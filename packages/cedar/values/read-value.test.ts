import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CedarInputError } from '../input-error.ts';
import { describeValue } from './describe-value.ts';
import { readValue } from './read-value.ts';
import { askCedar, type Verdict } from './testing/cedar-oracle.ts';
import { arbitraryText } from './testing/extension-texts.ts';

const numRuns = Number(process.env['CEDAR_RUNS'] ?? 300);
const seed = Number(process.env['CEDAR_SEED'] ?? 1);

const entity = { __entity: { type: 'App::User', id: 'u' } };
const call = (fn: string, arg: unknown) => ({ __extn: { fn, arg } });
const calls = (fn: string, ...args: unknown[]) => ({ __extn: { fn, args } });

/** Cedar’s answer to `context.v == value`; `error` where it does not take the JSON. */
function cedarReads(json: unknown, expected: string): Verdict {
  try {
    return askCedar([`context.v == ${expected}`], { v: json })[0] ?? 'error';
  } catch {
    return 'error';
  }
}

function expectCedarAgrees(json: unknown): void {
  let expected: string | undefined;
  try {
    expected = describeValue(readValue(json), 100_000);
  } catch (error) {
    expect(error).toBeInstanceOf(CedarInputError);
  }
  const outcome = { json, cedar: cedarReads(json, expected ?? '1'), expected };
  expect(outcome).toEqual({ json, cedar: expected === undefined ? 'error' : true, expected });
}

const taken: readonly unknown[] = [
  true,
  '',
  'a"\\\n\0\u202e😀',
  0,
  -0,
  1e3,
  2 ** 53 - 1,
  -(2 ** 53) + 1,
  [],
  {},
  [1, 1, '1', [1], [1]],
  entity,
  { __entity: { type: 'A', id: '', more: 1 } },
  [entity, entity],
  { a: { b: [entity] } },
  call('ip', '::1'),
  calls('ip', '::1'),
  { __extn: { fn: 'ip', arg: '::1', more: 1 } },
  { __extn: { fn: 'ip', arg: '::1', args: ['::2'] } },
  { __extn: { fn: 'ip', arg: '::1', args: 1 } },
  calls('offset', call('datetime', '1970-01-01'), call('duration', '1d')),
  call('isIpv4', call('ip', '::1')),
  calls('lessThan', call('decimal', '1.0'), call('decimal', '1.1')),
  // What has not the form of an escape is a record, for Cedar too.
  { ...entity, more: 1 },
  { __entity: 1 },
  { __entity: { type: 'A' } },
  { __entity: 'A::"b"' },
  { __entity: { type: 'A', id: 1 } },
  { __entity: entity },
  { __extn: 1 },
  { __extn: { fn: 'ip' } },
  { __extn: { arg: '::1' } },
  { __extn: { fn: 1, arg: '::1' } },
  { ...call('ip', '::1'), more: 1 },
  { __expr: 1 },
  { __expr: 'a', more: 1 },
  { __expr: {} },
  JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3, "": 4}'),
];

const refused: readonly unknown[] = [
  null,
  [null],
  { a: null },
  1.5,
  1e19,
  [{ a: [0.1] }],
  { __expr: 'a' },
  { a: [{ __expr: '' }] },
  ...[
    '',
    'a b',
    'A :: B',
    'if',
    'A::if',
    'in',
    'is',
    '__cedar',
    '__cedar::A',
    'A::__cedar',
    '?a',
    '1A',
  ].map((type) => ({ __entity: { type, id: 'x' } })),
  call('ip', 'x'),
  call('ip', 1),
  call('ip', null),
  call('ip', ['::1']),
  call('nope', '::1'),
  calls('ip'),
  calls('ip', '::1', '::2'),
  call('isInRange', call('ip', '::1')),
  call(' ip', '::1'),
  call('toString', '1'),
  call('decimal', entity),
  call('ip', { __expr: 'a' }),
];

test.each(taken)('reads %j as Cedar does', (json) => {
  expectCedarAgrees(json);
  readValue(json);
});

test.each(refused)('refuses %j as Cedar does', (json) => {
  expectCedarAgrees(json);
  expect(() => readValue(json)).toThrow(CedarInputError);
});

test('agrees with Cedar about JSON that nobody thought of', () => {
  const names = fc.constantFrom(
    '__entity',
    '__extn',
    '__expr',
    'type',
    'id',
    'fn',
    'arg',
    'args',
    'a',
    '__proto__',
  );
  const kinds = fc.constantFrom('decimal', 'ip', 'datetime', 'duration');
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      fc.oneof(
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.string({ unit: 'grapheme' }),
        // Beyond 2^53 a number is none that we take: it may have been another one in the text.
        fc.double({ min: -1e15, max: 1e15 }),
        fc.constant(null),
      ),
      fc.record({
        __entity: fc.record({ type: fc.constantFrom('A', 'A::B', 'if', ''), id: fc.string() }),
      }),
      kinds.chain((fn) => arbitraryText(fn as 'ip').map((arg) => call(fn, arg))),
      fc.record({ __extn: fc.dictionary(fc.constantFrom('fn', 'arg', 'args', 'x'), tie('json')) }),
      fc.dictionary(names, tie('json'), { maxKeys: 3 }),
      fc.array(tie('json'), { maxLength: 4 }),
    ),
  }));
  // Through text, as it comes: without −0 and members that are no JSON.
  const parsed = json.map((value): unknown => JSON.parse(JSON.stringify(value ?? null)));
  fc.assert(fc.property(parsed, expectCedarAgrees), { numRuns, seed, endOnFailure: true });
});

describe('an input that is refused', () => {
  test.each([
    ['not-a-long', ['a', 1], { a: [1, 1.5] }],
    ['not-a-long', ['a'], { a: 2n ** 63n }],
    ['not-a-long', ['a'], { a: 2 ** 53 }],
    ['malformed', ['a', 'b'], { a: { b: null } }],
    ['malformed', [0], ['\ud800']],
    ['malformed', [], { '\udc00': 1, a: 1 }],
    ['malformed', [], undefined],
    ['bad-name', [2], [1, 2, { __entity: { type: 'if', id: '' } }]],
    ['bad-extension', ['a'], { a: call('ip', 'x') }],
    ['too-large', ['a'], { a: Array.from({ length: 10_001 }, (_one, index) => index) }],
    ['not-a-long', ['a', 'arg'], { a: call('ip', 0.5) }],
  ])('says %s at %j', (code, path, json) => {
    expect(() => readValue(json, ['top'])).toThrow(
      expect.objectContaining({ code, path: ['top', ...path] }),
    );
  });

  test('is refused, and not the end, however deep it is', () => {
    let json: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) json = [json];
    expect(() => readValue(json)).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });
});

test('keeps integers of 64 bits', () => {
  expect(readValue([2n ** 63n - 1n, -(2n ** 63n), 7n])).toEqual(
    expect.objectContaining({ elements: [2n ** 63n - 1n, -(2n ** 63n), 7] }),
  );
});

test('an attribute named as a member of Object changes no object', () => {
  const record = readValue(JSON.parse('{"__proto__": {"polluted": true}, "b": 1}'));
  expect(Object.getPrototypeOf(record)).toBeNull();
  expect(Object.keys(record as object)).toEqual(['__proto__', 'b']);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
