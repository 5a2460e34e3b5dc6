import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluationErrors } from '../evaluation-error.ts';
import { describeValue, quoteText } from './describe-value.ts';
import { extensionFunctions } from './extension-functions.ts';
import { askCedar, type Verdict } from './testing/cedar-oracle.ts';
import { arbitraryText, badTexts, goodTexts, type Constructor } from './testing/extension-texts.ts';
import type { Value } from './value.ts';

/** More by hand: `CEDAR_RUNS=20000 CEDAR_SEED=7 vitest run packages/cedar/values`. */
const numRuns = Number(process.env['CEDAR_RUNS'] ?? 300);
const seed = Number(process.env['CEDAR_SEED'] ?? 1);
const constructors = ['decimal', 'ip', 'datetime', 'duration'] as const;
const methods = [...extensionFunctions].filter(([, { style }]) => style === 'method');

interface Claim {
  readonly condition: string;
  readonly verdict: Verdict;
}

interface Operand {
  readonly kind: Constructor;
  readonly text: string;
}

function call(name: string, args: readonly (Value | undefined)[]): Value | undefined {
  try {
    return extensionFunctions.get(name)?.call(args.filter((arg) => arg !== undefined));
  } catch (error) {
    expect(Object.values(evaluationErrors), 'made once, not here').toContain(error);
    return undefined;
  }
}

function written({ kind, text }: Operand): string {
  return `${kind}(${quoteText(text)})`;
}

/** What we say of an expression: that it has this value, or none. */
function claim(expression: string, ours: Value | undefined): Claim {
  return ours === undefined
    ? { condition: `${expression} == 1`, verdict: 'error' }
    : { condition: `${expression} == ${describeValue(ours)}`, verdict: true };
}

function constructorClaim(operand: Operand): Claim {
  return claim(written(operand), call(operand.kind, [operand.text]));
}

/** Every method, on operands whatever their types; nothing if they are no values. */
function methodClaims(left: Operand, right: Operand): Claim[] {
  const values = [left, right].map(({ kind, text }) => call(kind, [text]));
  if (values.includes(undefined)) return [];
  return methods.map(([name, { arity }]) => {
    const expression = `${written(left)}.${name}(${arity === 2 ? written(right) : ''})`;
    return claim(expression, call(name, values.slice(0, arity)));
  });
}

function expectCedarAgrees(claims: readonly Claim[]): void {
  const answers = askCedar(claims.map(({ condition }) => condition));
  const wrong = claims.flatMap(({ condition, verdict }, index) =>
    answers[index] === verdict ? [] : [{ condition, ours: verdict, cedar: answers[index] }],
  );
  expect(wrong).toEqual([]);
}

const operands = (kinds: readonly Constructor[]): fc.Arbitrary<Operand> =>
  fc.constantFrom(...kinds).chain((kind) => arbitraryText(kind).map((text) => ({ kind, text })));

/** Cedar is asked for many at once: most of what a question costs is the asking. */
const batch = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.array(arbitrary, { minLength: 20, maxLength: 20 });

describe.each(constructors)('%s', (kind) => {
  test('takes the texts that Cedar takes, as the same value', () => {
    const claims = goodTexts[kind].map((text) => constructorClaim({ kind, text }));
    expect(claims.filter(({ verdict }) => verdict === 'error')).toEqual([]);
    expectCedarAgrees(claims);
  });

  test('refuses the texts that Cedar refuses', () => {
    const claims = badTexts[kind].map((text) => constructorClaim({ kind, text }));
    expect(claims.filter(({ verdict }) => verdict !== 'error')).toEqual([]);
    expectCedarAgrees(claims);
  });

  test('agrees with Cedar about texts that nobody thought of', () => {
    const property = fc.property(batch(operands([kind])), (all) =>
      expectCedarAgrees(all.map(constructorClaim)),
    );
    fc.assert(property, { numRuns: Math.ceil(numRuns / 20), seed, endOnFailure: true });
  });

  test('has no value for what is no text', () => {
    for (const value of [1, true, 2n ** 60n, call('ip', ['::1'])]) {
      expect(call(kind, [value])).toBeUndefined();
    }
  });
});

test('each method agrees with Cedar, for the right types and the wrong ones', () => {
  const all = constructors.flatMap((kind) => goodTexts[kind].map((text) => ({ kind, text })));
  const claims = all.flatMap((left, index) => {
    const near = all[(index + 1) % all.length] ?? left;
    return [...methodClaims(left, near), ...methodClaims(near, left)];
  });
  expectCedarAgrees(claims);
});

test('an address is in the ranges in which Cedar sees it', () => {
  const all = goodTexts.ip.map((text): Operand => ({ kind: 'ip', text }));
  const claims = all.flatMap((left) =>
    all.map((right) => {
      const [one, other] = [call('ip', [left.text]), call('ip', [right.text])];
      return claim(
        `${written(left)}.isInRange(${written(right)})`,
        call('isInRange', [one, other]),
      );
    }),
  );
  expect(claims.filter(({ condition }) => condition.endsWith('== true')).length).toBeGreaterThan(
    50,
  );
  expectCedarAgrees(claims);
});

test.each([
  ['decimal', ['decimal']],
  ['ip', ['ip']],
  ['datetime and duration', ['datetime', 'duration']],
] as const)('the methods of %s agree with Cedar on what nobody thought of', (_name, kinds) => {
  const property = fc.property(batch(fc.tuple(operands(kinds), operands(kinds))), (pairs) =>
    expectCedarAgrees(pairs.flatMap(([left, right]) => methodClaims(left, right))),
  );
  fc.assert(property, { numRuns: Math.ceil(numRuns / 40), seed, endOnFailure: true });
});
