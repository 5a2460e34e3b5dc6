import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { oracleEngine } from './oracle-engine.ts';
import {
  compileRelease,
  decide,
  defaultedFacts,
  inspectRelease,
  type Question,
  type ReleaseText,
} from './index.ts';
import { productPolicies } from './testing/product-policies.ts';
import { randomQuestion } from './testing/random-question.ts';

/** A set in which the forbid alone stands between a signal and the permit. */
function releaseWith(members: string, condition: string): ReleaseText {
  const schema = `namespace Proofline {
  entity Role; entity Staff in [Role] { rank?: Long }; entity Thing;
  type Signals = { ${members} };
  type Facts = { signals?: Signals, proof?: { acr?: String }, session?: { live?: Bool } };
  action "thing:do" appliesTo { principal: Staff, resource: Thing, context: Facts };
}`;
  const scope = 'principal, action, resource is Proofline::Thing';
  const permit = `@id("role.do") @reason("May.") permit (${scope});`;
  const forbid = `@id("context.signal") @reason("Too risky.") forbid (${scope}) when { context has signals && ${condition} };`;
  return { schema, policies: [{ path: 'roles/a.cedar', text: `${permit}\n${forbid}` }] };
}
const asking = (context: Question['context']): Question => ({
  principal: { type: 'Staff', id: 'a' },
  action: 'thing:do',
  resource: { type: 'Thing', id: 't' },
  context,
});

describe('an absent signal takes its declared default', () => {
  const release = releaseWith('@default("100") risk: Long', 'context.signals.risk >= 80');
  const set = compileRelease(release);
  test.each([
    ['nothing is known of any signal', {}, 'deny', ['signals.risk']],
    ['the signal itself is missing', { signals: {} }, 'deny', ['signals.risk']],
    ['it is there', { signals: { risk: 79 } }, 'permit', []],
    ['it is there and bad', { signals: { risk: 80 } }, 'deny', []],
  ] as const)('%s', (_what, context, ...[effect, defaulted]) => {
    expect(decide(set, asking(context)).effect).toBe(effect);
    expect(defaultedFacts(set.defaults, asking(context))).toEqual(defaulted);
    expect(decide(compileRelease(release, oracleEngine), asking(context)).effect).toBe(effect);
  });
  it('is never given in the place of a value that lies about its type', () => {
    const lied = decide(set, asking({ signals: { risk: 'low' } }));
    expect(lied.refused).toBe('question.invalid');
    expect(decide(set, asking({ signals: [] })).refused).toBe('question.invalid');
  });
  it('is part of what the digest names', () => {
    const other = releaseWith('@default("99") risk: Long', 'context.signals.risk >= 80');
    expect(compileRelease(other).digest).not.toBe(set.digest);
  });
  it('makes up no record that would be half a one', () => {
    const half = releaseWith(
      '@default("100") risk: Long, seen: Bool',
      'context.signals.risk >= 80',
    );
    expect(defaultedFacts(compileRelease(half).defaults, asking({}))).toEqual([]);
  });
  it('leaves the names that JavaScript gives to every object alone', () => {
    const odd = releaseWith(
      '@default("1") constructor: Long',
      'context.signals["constructor"] > 0',
    );
    expect(decide(compileRelease(odd), asking({})).effect).toBe('deny');
  });
});

describe('a default that cannot be refuses the release, with its place', () => {
  const risky = 'context.signals has risk';
  test.each([
    ['of another type', '@default("high") risk?: Long', 'schema.default-type', 3, 20],
    [
      'a number that JSON would round',
      '@default("9007199254740993") risk?: Long',
      'schema.default-type',
      3,
      20,
    ],
    ['of a set', '@doc("x") @default("a") risk?: Set<String>', 'schema.default-type', 3, 30],
  ])('%s', (_what, members, ...[code, line, column]) => {
    const { set, faults } = inspectRelease(releaseWith(members, risky));
    expect(set).toBeUndefined();
    expect(faults).toMatchObject([{ code, path: 'schema.cedarschema', line, column }]);
    expect(() => compileRelease(releaseWith(members, risky))).toThrow(/default/);
  });
  test.each([
    [
      'of what only a proof can say',
      'proof?: { acr?',
      'proof?: { @default("phrh") acr?',
      'schema.default-of-proof',
    ],
    [
      'of a session',
      'session?: { live?',
      'session?: { @default("true") live?',
      'schema.default-of-proof',
    ],
    [
      'of an attribute that is in no context',
      '{ rank?',
      '{ @default("1") rank?',
      'schema.default-misplaced',
    ],
    [
      'of an action',
      'action "thing:do"',
      '@default("1") action "thing:do"',
      'schema.default-misplaced',
    ],
    ['of a type', 'type Signals', '@default("1") type Signals', 'schema.default-misplaced'],
  ])('%s', (_what, from, ...[to, code]) => {
    const { schema, policies } = releaseWith('risk?: Long', risky);
    const { faults } = inspectRelease({ schema: schema.replace(from, to), policies });
    expect(faults.map((fault) => fault.code)).toEqual([code]);
    for (const { line, column } of faults) {
      const written = schema
        .replace(from, to)
        .split('\n')
        .at(line - 1);
      expect(written?.slice(column - 1)).toMatch(/^@default/);
    }
  });
});

describe('P7: the product’s defaults are as cautious as any value', () => {
  const set = compileRelease(productPolicies());
  const others: Readonly<Record<string, readonly (number | string | boolean)[]>> = {
    'interaction.wrongCodes': [0, 1, 2, 3, 4, 10],
    'interaction.overSeconds': [0, 1, 299, 300, 301, 86_400],
  };
  it('declares those of this test and no other', () => {
    const declared = new Set(
      [...set.defaults.keys()].flatMap((action) =>
        defaultedFacts(set.defaults, { ...asking({ interaction: {} }), action }),
      ),
    );
    expect([...declared].toSorted()).toEqual(Object.keys(others).toSorted());
  });
  it.each(Object.keys(others))('no value of %s is denied what its default is permitted', (path) => {
    const [fact = '', member = ''] = path.split('.');
    let permitted = 0;
    fc.assert(
      fc.property(randomQuestion, (question) => {
        const facts = question.context[fact];
        if (typeof facts !== 'object') return;
        const having = (value: number | string | boolean | undefined) => ({
          ...question,
          context: { ...question.context, [fact]: { ...facts, [member]: value } },
        });
        if (decide(set, having(undefined)).effect !== 'permit') return;
        permitted += 1;
        for (const value of others[path] ?? []) {
          expect({ value, effect: decide(set, having(value)).effect }).toEqual({
            value,
            effect: 'permit',
          });
        }
      }),
      { numRuns: 1500, seed: 20_261_121 },
    );
    expect(permitted).toBeGreaterThan(100);
  });
});
