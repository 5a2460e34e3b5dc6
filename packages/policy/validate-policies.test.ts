import { validate } from '@cedar-policy/cedar-wasm/nodejs';
import { parsePolicies } from '@proofline/cedar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inspectRelease } from './index.ts';
import { PolicyShapes } from './policy-shape.ts';
import { schemaOf } from './read-schema-text.ts';
import { productPolicies } from './testing/product-policies.ts';

const schema = `
entity Team in [Team];
entity User in [Team] { rank?: Long, boss?: User, name: String } tags String;
entity Color enum ["red", "green"];
entity Thing { color: Color, address: ipaddr };
type Facts = { n: Long, text: String, texts: Set<String>, ip?: ipaddr, more?: { deep?: Long } };
action "all"; action "few" in ["all"]; action "lone" in ["all"];
action "read", "write", "list" in ["all"] appliesTo { principal: User, resource: Thing, context: Facts };
action "copy" in ["all"] appliesTo { principal: User, resource: Thing, context:
  { n: Long, text: String, texts: Set<String>, ip?: ipaddr, more?: { deep?: Long } } };
action "sum" in ["all"] appliesTo { principal: User, resource: Thing, context:
  { n: String, text: String, texts: Set<String>, ip?: ipaddr, more?: { deep?: Long } } };
action "send" in ["few"] appliesTo { principal: User, resource: [Thing, User], context: { n: String } };
`;

/** What may stand in each place: texts of each kind that the validator treats alike, and others. */
const places: Readonly<Record<string, readonly string[]>> = {
  TEXT: ['"a"', '"b"', '"red"', '"1.2.3.4"', '"\u0430b"', '"a\u202Eb"', '"\\n"', '""'],
  LONG: ['0', '1', '-1', '9223372036854775807', '9007199254740993'],
  ID: [
    'User::"a"',
    'User::"b"',
    'User::"\u0430b"',
    'Team::"a"',
    'Color::"red"',
    'Color::"blue"',
    'Ghost::"a"',
  ],
  ACTION: ['read', 'sum', 'write', 'few', 'lone', 'list', 'copy', 'send', 'all', 'gone'].map(
    (id) => `Action::"${id}"`,
  ),
  TEXTS: [
    '["a"]',
    '["a", "b"]',
    '["b", "a", "a"]',
    '[]',
    '["\u0430b"]',
    '["a", 1]',
    '[context.text]',
  ],
  NAME: ['rank', 'boss', 'name', 'none'],
};
const conditions = [
  'TEXT == TEXT',
  'LONG == LONG && context.n < LONG',
  'context.text == TEXT || context.text like "a*"',
  'TEXTS.contains(context.text) && TEXTS == TEXTS',
  'context.texts.containsAny(TEXTS)',
  'principal in ID && ID == ID',
  'principal in [ID, ID]',
  'action in [ACTION, ACTION]',
  'action == ACTION && context.n == LONG',
  'ip(TEXT).isLoopback()',
  'resource.color == ID',
  'principal.hasTag(TEXT) && principal.getTag(TEXT) == TEXT',
  'principal has NAME && principal.NAME == LONG',
  '(if TEXTS.contains(TEXT) then principal else ID) has rank && (if TEXTS.contains(TEXT) then principal else ID).rank > LONG',
  'ID has rank && ID.rank > LONG',
  'context has more.deep && context.more.deep + LONG == LONG',
  '{ a: TEXT, b: LONG } == { a: TEXT, b: LONG }',
  'principal is User in ID',
];
const scopes = [
  'principal, action, resource',
  'principal == ID, action == ACTION, resource',
  'principal in ID, action in [ACTION, ACTION], resource is Thing',
  'principal is User in ID, action in ACTION, resource == Thing::"a"',
];

/** Policies of a few forms, whose places are filled in at random. */
const policies = fc
  .record({
    scope: fc.constantFrom(...scopes),
    condition: fc.constantFrom(...conditions),
    chosen: fc.array(fc.nat({ max: 1_000 }), { minLength: 12, maxLength: 12 }),
  })
  .map(({ scope, condition, chosen }) => {
    let place = 0;
    return `permit (${scope}) when { ${condition} };`.replaceAll(/\b[A-Z]{2,}\b/g, (kind) => {
      const among = places[kind] ?? [kind];
      place += 1;
      // The first ones more often, so that many policies are wrong in one place only.
      return among[Math.floor(((chosen[place % 12] ?? 0) / 1_001) ** 2 * among.length)] ?? kind;
    });
  });

describe('one policy of each shape speaks for all of them', () => {
  test('cedar-wasm finds something in all policies of a shape, or in none', () => {
    const texts = [...new Set(fc.sample(policies, { numRuns: 4_000, seed: 20_261_121 }))];
    const answer = validate({
      schema,
      policies: { staticPolicies: Object.fromEntries(texts.map((text, index) => [index, text])) },
      validationSettings: { mode: 'strict' },
    });
    if (answer.type === 'failure') throw new Error(answer.errors[0]?.message);
    const findings = [...answer.validationErrors, ...answer.validationWarnings];
    const faulty = new Set(findings.map(({ policyId }) => Number(policyId)));

    const shapes = new PolicyShapes(schemaOf(schema));
    const byShape = Map.groupBy(texts.keys(), (index) => {
      const [parsed] = parsePolicies(texts[index] ?? '');
      return parsed === undefined ? '' : shapes.of(parsed.policy);
    });
    const shared = [...byShape.values()].filter((indexes) => indexes.length > 1);
    for (const indexes of shared) {
      const verdicts = indexes.map((index) => ({
        text: texts[index],
        isFaulty: faulty.has(index),
      }));
      const [{ isFaulty } = { isFaulty: false }] = verdicts;
      expect(verdicts.filter((one) => one.isFaulty !== isFaulty)).toEqual([]);
    }
    // Nothing was tried where shapes are never shared, or where all of them are right, or wrong.
    const wrong = shared.filter(([first = 0]) => faulty.has(first));
    expect(shared.length).toBeGreaterThan(300);
    expect(wrong.length).toBeGreaterThan(100);
    expect(shared.length - wrong.length).toBeGreaterThan(60);
  });

  test('a fault among thousands of the same shape is found, with its place', () => {
    const product = productPolicies();
    const scope =
      'principal in Proofline::Role::"ROLE", action == Proofline::Action::"policy:read", resource is Proofline::Policies';
    const texts = Array.from({ length: 500 }, (_, index) => {
      const head = `@id("role.more-${index}") @reason("More.")\n`;
      const staff = index === 321 ? 'Staff' : 'staff';
      const own = scope.replace('ROLE', `r${index}`);
      const desk = `context has ${staff} && context.staff.desk == "d${index}"`;
      return `${head}permit (${own}) when { ${desk} };\n`;
    });
    const many = { path: 'roles/many.cedar', text: texts.join('') };
    const { faults } = inspectRelease({ ...product, policies: [...product.policies, many] });
    expect(faults.map(({ path, line }) => `${path}:${line}`)).toEqual(['roles/many.cedar:643']);
  });

  test('what was sound under one schema is looked at again under another', () => {
    const product = productPolicies();
    const faultsWith = (schemaText: string, desk = 'context.staff.desk == "a"') => {
      const scope =
        'principal, action == Proofline::Action::"policy:read", resource is Proofline::Policies';
      const text = `@id("role.more") @reason("More.")\npermit (${scope}) when { context has staff && ${desk} };`;
      const more = { path: 'roles/more.cedar', text };
      const all = [...product.policies, more];
      return inspectRelease({ schema: schemaText, policies: all }).faults.map(({ path }) => path);
    };
    const narrowed = product.schema.replace(/\bdesk: String/, 'desk: Long');
    expect(narrowed).not.toBe(product.schema);
    for (const _ of ['first', 'again']) {
      expect(faultsWith(product.schema)).toEqual([]);
      expect(faultsWith(narrowed)).toContain('roles/more.cedar');
      expect(faultsWith(product.schema, 'context.staff.desk == 1')).toEqual(['roles/more.cedar']);
    }
  });
});
