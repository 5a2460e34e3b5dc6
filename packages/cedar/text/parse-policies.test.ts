import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPolicyJson } from '../policy/read-policy-json.ts';
import type { Policy } from '../policy/policy.ts';
import { CedarSyntaxError } from './cedar-syntax-error.ts';
import { parsePolicies } from './parse-policies.ts';
import { brokenTokens, policyTokens, spaced } from './testing/policy-texts.ts';
import { comparable, readWithWasm, withBigints } from './testing/read-with-wasm.ts';

const SEED = 20_260_921;

/** A policy with this condition, which begins in the second line, first column. */
function when(body: string): string {
  return `permit(principal, action, resource) when {\n${body}\n};`;
}

function scope(text: string): string {
  return `permit(\n${text}\n);`;
}

function errorOf(text: string): CedarSyntaxError | undefined {
  try {
    parsePolicies(text);
    return undefined;
  } catch (error) {
    if (error instanceof CedarSyntaxError) return error;
    throw error;
  }
}

/** The only policy of a text. */
function parseOne(text: string): Policy | undefined {
  const policies = parsePolicies(text);
  expect(policies).toHaveLength(1);
  return policies[0]?.policy;
}

function expectAsWasm(text: string): void {
  const json = readWithWasm(text);
  const error = errorOf(text);
  expect({ text, error: error?.message, isGood: error === undefined }).toEqual({
    text,
    error: error?.message,
    isGood: json !== undefined,
  });
  if (json === undefined) return;
  const policy = parseOne(text);
  expect(policy && comparable(policy)).toEqual(comparable(readPolicyJson(withBigints(json))));
}

describe('a bad text is refused, as cedar-wasm refuses it, and says where', () => {
  const cases: readonly (readonly [text: string, place: readonly [string, number, number]])[] = [
    [when('1 +'), ['unexpected-token', 3, 1]],
    [when('&& 1'), ['unexpected-token', 2, 1]],
    [when('1 & 1'), ['bad-token', 2, 3]],
    [when('1 | 1'), ['bad-token', 2, 3]],
    [when('a b'), ['unknown-variable', 2, 1]],
    [when('a'), ['unknown-variable', 2, 1]],
    [when('A::B'), ['unknown-variable', 2, 1]],
    [when('"a'), ['unterminated-string', 2, 1]],
    [when('"a\\q"'), ['bad-escape', 2, 3]],
    [when('"\\x80"'), ['bad-escape', 2, 2]],
    [when('"\\u{D800}"'), ['bad-escape', 2, 2]],
    [when('"\\u{}"'), ['bad-escape', 2, 2]],
    [when('"a\\*"'), ['bad-escape', 2, 3]],
    [when('"a\rb"'), ['bad-escape', 2, 3]],
    [when('"a\\\nb"'), ['bad-escape', 2, 3]],
    [when('9223372036854775808'), ['integer-too-large', 2, 1]],
    [when('-(9223372036854775808)'), ['integer-too-large', 2, 3]],
    [when('-9223372036854775809'), ['integer-too-large', 2, 1]],
    [when('99999999999999999999'), ['integer-too-large', 2, 1]],
    [when('principal.if'), ['reserved-name', 2, 11]],
    [when('principal has true'), ['reserved-name', 2, 15]],
    [when('principal has __cedar'), ['reserved-name', 2, 15]],
    [when('principal has 1'), ['unexpected-token', 2, 15]],
    [when('principal has a["b"]'), ['unexpected-token', 2, 16]],
    [when('principal has a + b'), ['unexpected-token', 2, 17]],
    [when('{if: 1}'), ['reserved-name', 2, 2]],
    [when('{a: 1, "a": 2}'), ['duplicate-key', 2, 8]],
    [when('{(a): 1}'), ['unexpected-token', 2, 2]],
    [when('{A::b: 1}'), ['unexpected-token', 2, 3]],
    [when('principal[a]'), ['bad-attribute', 2, 11]],
    [when('principal["a".b]'), ['unexpected-token', 2, 14]],
    [when('principal.1'), ['unexpected-token', 2, 11]],
    [when('1 < 2 < 3'), ['chained-relation', 2, 7]],
    [when('1 == 2 has a'), ['chained-relation', 2, 8]],
    [when('principal is A is B'), ['chained-relation', 2, 16]],
    [when('1 / 2'), ['unsupported-operator', 2, 3]],
    [when('1 % 2'), ['unsupported-operator', 2, 3]],
    [when('1 = 2'), ['unsupported-operator', 2, 3]],
    [when('!!!!!true'), ['too-many-signs', 2, 1]],
    [when('-----1'), ['too-many-signs', 2, 1]],
    [when('-!1'), ['unexpected-token', 2, 2]],
    [when('foo(1)'), ['unknown-function', 2, 1]],
    [when('contains(1, 2)'), ['unknown-function', 2, 1]],
    [when('principal.foo(1)'), ['unknown-function', 2, 11]],
    [when('principal.ip("a")'), ['unknown-function', 2, 11]],
    [when('isIpv4(1)'), ['unknown-function', 2, 1]],
    [when('principal.contains()'), ['wrong-arguments', 2, 11]],
    [when('principal.isEmpty(1)'), ['wrong-arguments', 2, 11]],
    [when('principal(1)'), ['unknown-function', 2, 1]],
    [when('(1)(2)'), ['unknown-function', 2, 4]],
    [when('?principal == principal'), ['slot-in-condition', 2, 1]],
    [when('?foo'), ['slot-in-condition', 2, 1]],
    [when('"a" like 1'), ['bad-pattern', 2, 10]],
    [when('"a" like ("b")'), ['bad-pattern', 2, 10]],
    [when('principal is "A"'), ['bad-type', 2, 14]],
    [when('principal is A::"b"'), ['bad-type', 2, 14]],
    [when('principal is (A)'), ['bad-type', 2, 14]],
    [when('in::"a"'), ['reserved-name', 2, 1]],
    [when('__cedar::"a"'), ['reserved-name', 2, 1]],
    [when('A::true::"b"'), ['reserved-name', 2, 4]],
    [when('A:"b"'), ['unknown-variable', 2, 1]],
    [when('[1 2]'), ['unexpected-token', 2, 4]],
    [when('[,]'), ['unexpected-token', 2, 2]],
    [when('{,}'), ['unexpected-token', 2, 2]],
    [when('()'), ['unexpected-token', 2, 2]],
    [when('(1, 2)'), ['unexpected-token', 2, 3]],
    [when('1 + if true then 1 else 2'), ['reserved-name', 2, 5]],
    [when('if true then 1'), ['unexpected-token', 3, 1]],
    [when('1.5'), ['unexpected-token', 2, 3]],
    [when("'a'"), ['bad-token', 2, 1]],
    [when('#'), ['bad-token', 2, 1]],
    [when('\ufeff1'), ['bad-token', 2, 1]],
    [when('true::"a"'), ['reserved-name', 2, 1]],
    [when('A::{a: 1}'), ['unexpected-token', 2, 4]],
    [scope('principal, action'), ['unexpected-token', 3, 1]],
    [scope('principal, resource, action'), ['bad-scope', 2, 12]],
    [scope('principal, action, resource, context'), ['bad-scope', 2, 30]],
    [scope('principal in [A::"b"], action, resource'), ['bad-scope', 2, 14]],
    [scope('principal == ?resource, action, resource'), ['bad-scope', 2, 14]],
    [scope('principal, action == ?action, resource'), ['bad-scope', 2, 22]],
    [scope('principal, action == A::"b", resource'), ['bad-scope', 2, 22]],
    [scope('principal, action == [Action::"a"], resource'), ['bad-scope', 2, 22]],
    [scope('principal, action is Action, resource'), ['bad-scope', 2, 19]],
    [scope('principal is A == A::"b", action, resource'), ['unexpected-token', 2, 16]],
    [scope('principal: A, action, resource'), ['bad-scope', 2, 10]],
    [scope('principal < A::"b", action, resource'), ['bad-scope', 2, 11]],
    [scope('principal == A, action, resource'), ['bad-scope', 2, 14]],
    [scope('principal == "a", action, resource'), ['bad-scope', 2, 14]],
    [scope('principal == A::"b" && true, action, resource'), ['unexpected-token', 2, 21]],
    [scope('((principal)), action, resource'), ['unexpected-token', 2, 1]],
    [scope('principal == (A::"b", action, resource'), ['unexpected-token', 2, 21]],
    [scope(''), ['bad-scope', 3, 1]],
    [scope('principal, action in [[Action::"a"]], resource'), ['bad-scope', 2, 23]],
    ['permit(principal, action, resource)', ['unexpected-end', 1, 36]],
    ['Permit(principal, action, resource);', ['bad-effect', 1, 1]],
    [';', ['unexpected-token', 1, 1]],
    ['permit', ['unexpected-end', 1, 7]],
    ['permit(principal, action, resource) when {};', ['bad-condition', 1, 37]],
    ['permit(principal, action, resource) if {true};', ['bad-condition', 1, 37]],
    ['permit(principal, action, resource) when true;', ['unexpected-token', 1, 42]],
    ['permit(principal, action, resource) when {true', ['unexpected-end', 1, 47]],
    ['@a @a permit(principal, action, resource);', ['duplicate-annotation', 1, 5]],
    ['@a() permit(principal, action, resource);', ['unexpected-token', 1, 4]],
    ['@a-b permit(principal, action, resource);', ['unexpected-token', 1, 3]],
    ['permit(principal, action, resource);;', ['unexpected-token', 1, 37]],
    ['{}', ['unexpected-token', 1, 1]],
  ];

  test.each(cases)('%j', (text, expected) => {
    expect(readWithWasm(text)).toBeUndefined();
    const error = errorOf(text);
    expect([error?.code, error?.line, error?.column]).toEqual(expected);
    expect(error?.message).toMatch(/^.{10,} \(line \d+, column \d+\)$/su);
  });
});

describe('an odd text that is good reads as cedar-wasm reads it', () => {
  test.each([
    when('-true'),
    when('-"a"'),
    when('- -1'),
    when('--5'),
    when('-5.a'),
    when('-9223372036854775808'),
    when('--9223372036854775808'),
    when('-(-1)'),
    when('1.a'),
    when('"a".b'),
    when('true.a'),
    when('[1].contains(1,)'),
    when('{a: 1,}["a"]'),
    when('User::"a"["b"]'),
    when('principal :: A :: "b"'),
    when('action::"a"'),
    when('Action::"a".b has c.d.e'),
    when('when::permit::"x"'),
    when('ip::"a"'),
    when('principal has principal && principal has "x y"'),
    when('principal is principal'),
    when('principal is A in [B::"c",]'),
    when('principal is A in principal.b || true'),
    when('"a" like "\\u{2a}\\*\\x2a*\\\\*"'),
    when('"\\u{1_0}\\u{0_0_0_0_0_1}"'),
    when('"a\nb\tc"'),
    when('007 + 00'),
    when('!(if true then 1 else 2)'),
    when('(if true then if true then 1 else 2 else 3) + 1'),
    when('{when: 1, "if": 2, is_: 3, "__cedar": 4, principal: 5}'),
    when('principal["__cedar"]["if"]'),
    when('ip()'),
    when('ip("a", "b")'),
    when('principal.isIpv4(1, 2)'),
    when('decimal("1").offset(duration("1h")).toDate().a'),
    when('principal.contains'),
    when('principal.offset'),
    when('1\u00a0+\u20281\u0085\u000b\f'),
    when('1 // c\r+ 1'),
    when('!!!!true == !false'),
    when('2 * -principal.a * 3'),
    when('1 - -1 - 1'),
    'permit(principal == ((User::"a")), action in (([(Action::"a")])), resource,);',
    'permit(principal in (?principal), action in [], resource is A::B in (?resource));',
    '@if @true("") @__cedar("\\n") forbid(principal is action, action == A::Action::"x", resource);',
    'permit (principal,action,resource)when{1}unless{2}when{"x"};// end',
    '// a\r\n//b\npermit(principal, action, resource);',
  ])('%s', (text) => {
    expect(readWithWasm(text)).toBeDefined();
    expectAsWasm(text);
  });
});

describe('a generated text', () => {
  test('that is well formed reads as cedar-wasm reads it', () => {
    fc.assert(fc.property(spaced(policyTokens), expectAsWasm), { seed: SEED, numRuns: 500 });
  });

  test('with one wrong token is refused where cedar-wasm refuses it, and only there', () => {
    fc.assert(fc.property(spaced(brokenTokens), expectAsWasm), { seed: SEED, numRuns: 500 });
  });

  test('of any characters is a list of policies or a syntax error, nothing else', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({
        unit: fc.constantFrom(...'permit(){}[]"\\/*:;.,!-=<>&|?@ \n\0'),
        maxLength: 200,
      }),
      fc
        .tuple(spaced(policyTokens), fc.nat(), fc.string({ unit: 'binary', maxLength: 3 }))
        .map(([text, at, noise]) => text.slice(0, at % text.length) + noise),
    );
    const check = (text: string): void => {
      const error = errorOf(text);
      if (error !== undefined) expect(error.offset).toBeLessThanOrEqual(text.length);
    };
    fc.assert(fc.property(anything, check), { seed: SEED, numRuns: 5_000 });
  });
});

describe('a hostile text', () => {
  const size = 1_000_000;
  test.each([
    ['parentheses', when('('.repeat(size)), 'too-deep'],
    ['lists', when('['.repeat(size)), 'too-deep'],
    ['records', when('{a:'.repeat(size)), 'too-deep'],
    ['if', when('if '.repeat(size)), 'too-deep'],
    ['calls', when('ip('.repeat(size)), 'too-deep'],
    ['a chain', when(`true${'&&true'.repeat(size)}`), 'too-deep'],
    ['a sum', when(`1${'+1'.repeat(size)}`), 'too-deep'],
    ['attributes', when(`principal${'.a'.repeat(size)}`), 'too-deep'],
    ['a path', when(`principal has a${'.a'.repeat(size)}`), 'too-deep'],
    ['signs', when('-'.repeat(size)), 'too-many-signs'],
    ['digits', when('9'.repeat(size)), 'integer-too-large'],
    ['parentheses in a scope', scope(`principal == ${'('.repeat(size)}`), 'bad-scope'],
    ['quotes', when('"\\"'.repeat(size)), 'bad-token'],
    ['annotations', '@a'.repeat(size), 'duplicate-annotation'],
    ['a comment', `//${'/'.repeat(size)}`, undefined],
    ['a set', when(`[${'1,'.repeat(size)}]`), undefined],
    ['zeros', when(`${'0'.repeat(size)}1`), undefined],
  ])('of a million times %s ends soon, without a crash', (_name, text, code) => {
    const start = performance.now();
    expect(errorOf(text)?.code).toBe(code);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  test('longer than the bound is refused unread', () => {
    expect(errorOf(' '.repeat(16 * 1024 * 1024 + 1))?.code).toBe('too-long');
    expect(() => parsePolicies(when('true'), { maxLength: 10 })).toThrow('may have 10 characters');
  });

  test('with half of a character is refused, which cedar-wasm would read as another', () => {
    const error = errorOf(when('"\ud800"'));
    expect([error?.code, error?.line, error?.column]).toEqual(['bad-unicode', 2, 2]);
  });

  test('cannot ask for the `unknown` of partial evaluation, which cedar-wasm accepts', () => {
    expect(readWithWasm(when('unknown("a")'))).toBeDefined();
    expect(errorOf(when('unknown("a")'))?.code).toBe('unknown-function');
  });

  test('names members of Object.prototype, which mean nothing', () => {
    const text = '@__proto__("a") @constructor permit(principal, action, resource);';
    const policy = parseOne(text);
    expect(Object.entries(policy?.annotations ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', ''],
    ]);
    expect(policy?.annotations['toString']).toBeUndefined();
    expect(errorOf(when('{__proto__: 1, __proto__: 2}'))?.code).toBe('duplicate-key');
    expect(errorOf(when('toString()'))?.code).toBe('unknown-function');
  });
});

describe('an expression is as deep as may be', () => {
  test.each([
    ['parentheses', '('.repeat(249) + '1' + ')'.repeat(249)],
    ['a chain', `true${' || true'.repeat(250)}`],
    ['attributes', `principal${'.a'.repeat(250)}`],
  ])('%s', (_name, body) => {
    expect(errorOf(when(body))).toBeUndefined();
  });
});

describe('integers', () => {
  test.each([
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
    ['-9223372036854775808', -9_223_372_036_854_775_808n],
    ['-0', 0],
    ['007', 7],
  ])('%s keeps every digit', (text, value) => {
    expect(parseOne(when(text))?.conditions[0]?.body).toEqual({ kind: 'literal', value });
  });
});

test('each policy knows its place in the text', () => {
  const text =
    '// first\n  @id("a")\npermit(principal, action, resource); forbid(principal == ?principal,\naction, resource);\n';
  const found = parsePolicies(text).map((parsed) => ({
    text: text.slice(parsed.span.start, parsed.span.end),
    place: [parsed.line, parsed.column],
    isTemplate: parsed.isTemplate,
  }));
  expect(found).toEqual([
    { text: '@id("a")\npermit(principal, action, resource);', place: [2, 3], isTemplate: false },
    {
      text: 'forbid(principal == ?principal,\naction, resource);',
      place: [3, 38],
      isTemplate: true,
    },
  ]);
});

test('a text without policies has none', () => {
  expect(parsePolicies(' // nothing')).toEqual([]);
});
