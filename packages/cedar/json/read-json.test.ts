import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CedarInputError } from '../input-error.ts';
import { type JsonValue, readJson } from './read-json.ts';

const SEED = 20_260_921;

function errorOf(text: string, maxDepth?: number): CedarInputError | undefined {
  try {
    readJson(text, maxDepth === undefined ? {} : { maxDepth });
    return undefined;
  } catch (error) {
    if (error instanceof CedarInputError) return error;
    throw error;
  }
}

/** Whether `JSON.parse` takes it. */
function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What `JSON.parse` would have kept of the integers. */
function asDoubles(value: JsonValue): JsonValue {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(asDoubles);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, member]) => [name, asDoubles(member)]));
}

const space = fc.constantFrom('', ' ', '\n', '\t', '\r\n');

describe('what JSON.parse reads is read the same', () => {
  test('values of any shape, with and without spaces', () => {
    const value = fc.jsonValue({ maxDepth: 6 });
    fc.assert(
      fc.property(value, fc.constantFrom(0, 1, '\t'), space, (json, indent, around) => {
        const text = around + JSON.stringify(json, undefined, indent) + around;
        expect(asDoubles(readJson(text))).toEqual(JSON.parse(text));
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  test('strings with every kind of escape', () => {
    const piece = fc.oneof(
      fc
        .string({ unit: 'grapheme', maxLength: 3 })
        .map((text) => JSON.stringify(text).slice(1, -1)),
      fc.constantFrom(
        ...String.raw`\n \t \r \b \f \\ \/ \" \u0041 \u00e9 \ud83d\ude00 \u0000`.split(' '),
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = `"${pieces.join('')}"`;
        expect(readJson(text)).toBe(JSON.parse(text));
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  test('numbers, to the bit', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
    );
    fc.assert(
      fc.property(number, (value) => {
        expect(readJson(JSON.stringify(value))).toSatisfy(
          (read: JsonValue) => Number(read) === Number(JSON.stringify(value)),
        );
      }),
      { seed: SEED, numRuns: 2_000 },
    );
    for (const text of ['0', '-0', '1e2', '1E+2', '1e-2', '0.5', '-1.5e3', '9007199254740991']) {
      expect(readJson(text)).toBe(JSON.parse(text));
    }
  });
});

test('a text with noise in it is refused where JSON.parse refuses it, and only there', () => {
  const noise = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2 }),
    fc.constantFrom(
      ...'{}[]",:\\-+.eE0129 \n\0tfn\ufeff\u2028\u00a0',
      '\\u12',
      '01',
      '1.',
      '.5',
      '+1',
      'NaN',
    ),
  );
  const brokenText = fc
    .tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.nat(2), noise)
    .map(([json, at, drop, put]) => {
      const whole = JSON.stringify(json);
      const index = at % (whole.length + 1);
      return whole.slice(0, index) + put + whole.slice(index + drop);
    });
  let refused = 0;
  let accepted = 0;
  fc.assert(
    fc.property(brokenText, (text) => {
      const error = errorOf(text);
      if (error === undefined) {
        accepted += 1;
        expect([text, parses(text)]).toEqual([text, true]);
      } else {
        refused += 1;
        const isStricter = error.code === 'duplicate' || /half|too large/u.test(error.message);
        expect([text, isStricter || !parses(text)]).toEqual([text, true]);
        expect(error.message).toMatch(/\(line \d+, column \d+\)$/u);
      }
    }),
    { seed: SEED, numRuns: 10_000 },
  );
  expect(Math.min(refused, accepted)).toBeGreaterThan(1_000);
});

describe('integers keep every digit', () => {
  test.each([
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['-9007199254740993', -9_007_199_254_740_993n],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
    ['-9223372036854775808', -9_223_372_036_854_775_808n],
    ['123456789012345', 123_456_789_012_345],
    ['-123456789012345', -123_456_789_012_345],
  ])('%s', (text, value) => {
    expect(readJson(`{"a":[${text}]}`)).toEqual({ a: [value] });
  });

  test('of any length, as long as anyone could mean them', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        const read = readJson(`${value}`);
        expect(typeof read === 'number' ? BigInt(read) : read).toBe(value);
      }),
      { seed: SEED },
    );
  });
});

describe('refused, with line and column', () => {
  test.each<[text: string, place: [code: string, line: number, column: number]]>([
    ['{"a":1,\n "a":2}', ['duplicate', 2, 2]],
    [String.raw`{"a":1,"\u0061":2}`, ['duplicate', 1, 8]],
    ['{"__proto__":1,"__proto__":2}', ['duplicate', 1, 16]],
    [String.raw`"\ud800"`, ['malformed', 1, 9]],
    ['[1,]', ['malformed', 1, 4]],
    ['[1\n2]', ['malformed', 2, 1]],
    ['{"a"}', ['malformed', 1, 5]],
    ["{'a':1}", ['malformed', 1, 2]],
    ['[01]', ['malformed', 1, 3]],
    ['"a\nb"', ['malformed', 1, 3]],
    ['', ['malformed', 1, 1]],
    ['1 2', ['malformed', 1, 3]],
    [`1${'0'.repeat(400)}`, ['not-a-long', 1, 1]],
    ['1e999', ['not-a-long', 1, 1]],
    ['nul', ['malformed', 1, 1]],
  ])('%j', (text, [code, line, column]) => {
    const error = errorOf(text);
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(`(line ${line}, column ${column})`);
  });

  test('what is deeper or longer than the bounds', () => {
    expect(errorOf('['.repeat(100) + ']'.repeat(100))).toBeUndefined();
    expect(errorOf('['.repeat(101) + ']'.repeat(101))?.code).toBe('too-deep');
    expect(errorOf('[[[1]]]', 2)?.code).toBe('too-deep');
    expect(errorOf('{"a":'.repeat(1_000_000))?.code).toBe('too-deep');
    expect(errorOf(' '.repeat(16 * 1024 * 1024 + 1))?.code).toBe('too-large');
    expect(errorOf('9'.repeat(1_000_000))?.code).toBe('not-a-long');
  });
});

test('`__proto__`, `constructor` and `toString` are ordinary names, and absent unless written', () => {
  const read = readJson('{"__proto__":{"polluted":true},"constructor":1}') as Record<
    string,
    unknown
  >;
  expect(Object.keys(read)).toEqual(['__proto__', 'constructor']);
  expect(read['polluted']).toBeUndefined();
  expect(read['toString']).toBeUndefined();
  expect((readJson('{}') as Record<string, unknown>)['constructor']).toBeUndefined();
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
