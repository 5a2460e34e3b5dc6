import type { Json } from '@proofline/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MappingError } from '../mapping-error.ts';
import { evaluateExpression } from './evaluate.ts';
import { parseExpression } from './parse.ts';

/** What an expression over these arguments is worth, or the message of its refusal. */
function worth(expression: string, args: Json = {}): unknown {
  const variables = { params: { arguments: args }, token: { sub: 'stf_ines' } };
  try {
    return evaluateExpression(parseExpression(expression), {
      variables,
      budget: { steps: 20_000 },
    });
  } catch (error) {
    if (error instanceof MappingError) return `refused: ${error.message}`;
    throw error;
  }
}
const broken = expect.stringMatching(/^refused: /);

describe('expressions', () => {
  const args = {
    n: 3,
    big: 10_001,
    list: ['a', 'b'],
    m: { k: null, 'a-b': 1 },
    s: 'Ä𝒳!',
    no: false,
  };

  it.each<[string, unknown]>([
    ["params.arguments['n']", 3],
    ['params.arguments.list[1]', 'b'],
    ["params.arguments.m['a-b'] == 1", true],
    ['params.arguments.m.k == null', true],
    ["'it''s'", broken],
    [String.raw`'it\'s \"so\"'`, `it's "so"`],
    ["'acct/' + params.arguments.list[0]", 'acct/a'],
    ['-1 < 0 && 1.5e3 > 1499', true],
    ["params.arguments.n in [1, 2, 3] && 'k' in params.arguments.m", true],
    ['!(params.arguments.n == 4) || false', true],
    ['!!true', true],
    ["true ? 'a' : true ? 'b' : 'c'", 'a'],
    ['has(params.arguments.n) && !has(params.arguments.x)', true],
    ["params.arguments.?x.?y.orValue('none')", 'none'],
    ["params.arguments.m.?k.orValue('none')", null],
    ['params.arguments[?"n"].hasValue()', true],
    ['params.arguments.?x', undefined],
    ['size(params.arguments.list) + 1', broken],
    ['size(params.arguments.s) == params.arguments.n', true],
    ['params.arguments.list.size()', 2],
    ['string(params.arguments.n)', '3'],
    ['string(params.arguments.big) == "10001"', true],
    ["'abc'.startsWith('ab') && 'abc'.endsWith('bc') && 'abc'.contains('b')", true],
    ["params.arguments.list.all(x, x != 'c')", true],
    ["'ｚ' < '𝒳'", true],
    ["1 == '1'", false],
    ['[1, [2]] == [1, [2]]', true],
    ['params.arguments.list', ['a', 'b']],
    // One side that decides makes the other's error meaningless.
    ['false && params.nothing', false],
    ['params.nothing && false', false],
    ['params.nothing || true', true],
    ["['a', 1].exists(x, x.startsWith('a'))", true],
    // And where it does not decide, the error stands.
    ['params.nothing && true', broken],
    ["['b', 1].exists(x, x.startsWith('a'))", broken],
    ['params.arguments.n ? 1 : 2', broken],
    ['params.arguments.list[2]', broken],
    ['params.arguments.list[-1]', broken],
    ['params.arguments.list["0"]', broken],
    ["'a' < 1", broken],
    ['null < null', broken],
    ['nothing', broken],
    ['token.constructor', broken],
    ["params['__proto__']", broken],
    ['params.arguments.n.toString()', broken],
    ['params.arguments.?x == 1', broken],
  ])('%s', (expression, value) => {
    expect(worth(expression, args)).toEqual(value);
  });

  it.each([
    '',
    '1 +',
    '(1',
    '1)',
    '[1,]',
    'a b',
    'a.b(1)',
    'eval("1")',
    'constructor("1")',
    "x.matches('(a+)+$')",
    'params.map(x, x)',
    "r'raw'",
    "b'bytes'",
    "'''three'''",
    '{"a": 1}',
    '1u',
    '0x1F',
    '9007199254740993',
    '1 - 1',
    '2 * 2',
    'a = 1',
    'a; b',
    '// no',
    '`a`',
    "'\\u0041'",
    'in',
    'has(params)',
    'params.exists(1, true)',
    `${'('.repeat(40)}1${')'.repeat(40)}`,
    `'${'x'.repeat(1_000)}'`,
  ])('%s is not read', (expression) => {
    expect(worth(expression)).toEqual(broken);
  });

  it('come to an end, and tell nobody’s values', () => {
    const many = Array.from({ length: 300 }, (_, at) => at);
    const nested = 'params.arguments.many.all(a, params.arguments.many.all(b, a != b || a == b))';
    expect(worth(nested, { many })).toEqual(expect.stringContaining('too many steps'));
    const told = worth('params.arguments[params.arguments.secret]', { secret: 'HX-20017' });
    expect(told).toEqual(broken);
    expect(told).not.toContain('HX-20017');
  });

  it('of any text whatever are read or refused, and nothing else happens', () => {
    const words = `params . .? [ ] ( ) ! - && == in ? : , 'a' 1 token.sub .size() has( $ \\ " null __proto__`;
    const pieces = fc.constantFrom('.exists(x, x)', ' ', ...words.split(' '));
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        worth(parts.join(''));
      }),
      { seed: 20261121, numRuns: 1_000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        worth(text);
      }),
      { seed: 20261121, numRuns: 1_000 },
    );
  });
});
