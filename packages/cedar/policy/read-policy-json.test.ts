import { policyToText, type PolicyJson, templateToText } from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CedarInputError } from '../input-error.ts';
import { readJson } from '../json/read-json.ts';
import { parsePolicies } from '../text/parse-policies.ts';
import { comparable } from '../text/testing/read-with-wasm.ts';
import { EntityUid } from '../values/value.ts';
import { linkTemplate } from './link-template.ts';
import { readPolicyJson, readPolicySetJson } from './read-policy-json.ts';

const SEED = 20_260_921;
const base = {
  effect: 'permit',
  principal: { op: 'All' },
  action: { op: 'All' },
  resource: { op: 'All' },
  conditions: [],
};
const one = { Value: 1 };
const principal = { Var: 'principal' };
const uid = { type: 'A', id: 'b' };

function when(body: unknown): object {
  return { ...base, conditions: [{ kind: 'when', body }] };
}

function errorOf(run: () => unknown): CedarInputError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof CedarInputError) return error;
    throw error;
  }
}

/** The text that cedar-wasm makes of a policy or template; nothing where it refuses it. */
function textByWasm(json: object): string | undefined {
  const policy = policyToText(json as PolicyJson); // What a test gives may be none.
  if (policy.type === 'success') return policy.text;
  const template = templateToText(json as PolicyJson);
  return template.type === 'success' ? template.text : undefined;
}

describe('a policy that is good reads as the text that cedar-wasm makes of it', () => {
  test.each([
    when({ has: { left: principal, attr: 'if' } }),
    when({ has: { left: principal, attr: ['a', 'c'] } }),
    when({ is: { left: principal, entity_type: 'A::B', in: null } }),
    when({ is: { left: principal, entity_type: 'A', in: { Value: { __entity: uid } } } }),
    when({ like: { left: principal, pattern: ['Wildcard', { Literal: 'a*' }, { Literal: '' }] } }),
    when({ Value: [1, 'a', true, { a: { b: [{}] } }] }),
    when({ Value: uid }),
    when({ Value: { __entity: { ...uid, more: 1 } } }),
    when({ Value: { __entity: uid, more: 1 } }),
    when({ Value: { __entity: 5 } }),
    when({ Value: { __extn: { fn: 'ip', arg: '1.2.3.4' } } }),
    when({ Value: { __extn: 5 } }),
    when({
      Value: {
        __extn: {
          fn: 'offset',
          args: [
            { __extn: { fn: 'datetime', arg: '2020-01-01' } },
            { __extn: { fn: 'duration', arg: '1h' } },
          ],
        },
      },
    }),
    when({ ip: [one] }),
    when({ isIpv4: [principal] }),
    when({ neg: { arg: one } }),
    when({ '!': { arg: one } }),
    when({ '-': { left: one, right: one } }),
    when({ Record: { 'a b': one, if: one, __proto: one } }),
    when({ Set: [one, principal] }),
    // oxlint-disable-next-line unicorn/no-thenable -- a node of a syntax tree is never awaited.
    when({ 'if-then-else': { if: one, then: one, else: one } }),
    when({ isEmpty: { arg: principal } }),
    when({ getTag: { left: principal, right: one } }),
    when({ '.': { left: principal, attr: 'a b' } }),
    { ...base, annotations: { a: null, b: 'c' } },
    { ...base, principal: { op: 'all' } },
    { ...base, principal: { op: 'All', more: 1 } },
    { ...base, principal: { op: '==', entity: { __entity: uid } } },
    { ...base, principal: { op: '==', entity: uid, slot: '?principal' } },
    { ...base, principal: { op: 'is', entity_type: 'A', in: { entity: uid } } },
    { ...base, resource: { op: 'is', entity_type: 'A', in: null } },
    { ...base, action: { op: 'in', entity: { type: 'A::Action', id: 'b' } } },
    { ...base, action: { op: 'in', entities: [] } },
    { ...base, principal: { op: 'in', slot: '?principal' } },
    { ...base, resource: { op: 'is', entity_type: 'A', in: { slot: '?resource' } } },
  ])('%j', (json) => {
    const text = textByWasm(json);
    expect(text).toBeDefined();
    const [parsed] = parsePolicies(text ?? '');
    // A number below zero, negated or not, has one form in text.
    expect(parsed && comparable(parsed.policy)).toEqual(comparable(readPolicyJson(json)));
  });
});

describe('a policy that is none is refused, as cedar-wasm refuses it, with its path', () => {
  const body = ['conditions', 0, 'body'];
  test.each<[json: object, code: string, path: readonly (string | number)[]]>([
    [when({}), 'malformed', body],
    [when({ Value: 1, Var: 'principal' }), 'malformed', body],
    [when({ '==': { left: one } }), 'malformed', [...body, '==']],
    [when({ '==': { left: one, right: one, more: 1 } }), 'malformed', [...body, '==']],
    [when({ '-': { arg: one } }), 'malformed', [...body, '-']],
    [when({ foo: [one] }), 'malformed', [...body, 'foo']],
    [when({ toString: [one] }), 'malformed', [...body, 'toString']],
    [when({ ip: { left: one } }), 'malformed', [...body, 'ip']],
    [when({ Var: 'foo' }), 'malformed', [...body, 'Var']],
    [when({ Slot: '?principal' }), 'malformed', [...body, 'Slot']],
    [when({ Value: null }), 'malformed', [...body, 'Value']],
    [when({ Value: [1, 1.5] }), 'not-a-long', [...body, 'Value', 1]],
    [when({ Value: { __expr: '1' } }), 'malformed', [...body, 'Value']],
    [when({ has: { left: principal, attr: [] } }), 'malformed', [...body, 'has']],
    [
      when({ is: { left: principal, entity_type: 'A B' } }),
      'bad-name',
      [...body, 'is', 'entity_type'],
    ],
    [when({ like: { left: principal, pattern: 'a*' } }), 'malformed', [...body, 'like', 'pattern']],
    [
      when({ like: { left: principal, pattern: ['x'] } }),
      'malformed',
      [...body, 'like', 'pattern', 0],
    ],
    [{ ...base, effect: 'Permit' }, 'malformed', []],
    [{ ...base, conditions: undefined }, 'malformed', ['conditions']],
    [{ ...base, more: 1 }, 'malformed', []],
    [{ ...base, annotations: { 'a b': 'c' } }, 'bad-name', ['annotations', 'a b']],
    [{ ...base, conditions: [{ kind: 'if', body: one }] }, 'malformed', ['conditions', 0]],
    [{ ...base, action: { op: '==', entity: uid } }, 'malformed', ['action']],
    [{ ...base, action: { op: 'is', entity_type: 'Action' } }, 'malformed', ['action']],
    [{ ...base, action: { op: '==', slot: '?action' } }, 'malformed', ['action']],
    [{ ...base, principal: { op: '==', slot: '?resource' } }, 'malformed', ['principal']],
    [{ ...base, principal: { op: 'in', slot: '?foo' } }, 'malformed', ['principal']],
  ])('%j', (json, code, path) => {
    expect(textByWasm(json)).toBeUndefined();
    const error = errorOf(() => readPolicyJson(json));
    expect([error?.code, error?.path]).toEqual([code, path]);
  });

  test('a number that lost digits on its way, which cedar-wasm cannot see', () => {
    const error = errorOf(() => readPolicyJson(when({ Value: 2 ** 53 })));
    expect(error?.code).toBe('not-a-long');
    const [condition] = readPolicyJson(when({ Value: -(2n ** 63n) })).conditions;
    expect(condition?.body).toEqual({ kind: 'literal', value: -(2n ** 63n) });
  });

  test('nested without end', () => {
    let deep: unknown = one;
    for (let level = 0; level < 100_000; level += 1) deep = { '!': { arg: deep } };
    expect(errorOf(() => readPolicyJson(when(deep)))?.code).toBe('too-deep');
    let list: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) list = [list];
    expect(errorOf(() => readPolicyJson(when({ Value: list })))?.code).toBe('too-deep');
  });

  test('anything that is JSON is a policy or refused, nothing else', () => {
    const names = ['Value', 'Var', '==', 'left', 'right', 'Set', 'Record', '.', 'attr', '__entity'];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.oneof(
          fc.constantFrom(null, 1, 'principal', 'A', true, []),
          fc.string({ unit: 'binary' }),
        ),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor'), tie('tree'), {
          maxKeys: 2,
        }),
      ),
    }));
    const check = (json: unknown): void => {
      errorOf(() => readPolicyJson(when(json)));
      errorOf(() => readPolicyJson({ ...base, principal: json, action: json }));
      errorOf(() => readPolicySetJson(json));
    };
    fc.assert(fc.property(tree, check), { seed: SEED, numRuns: 3_000 });
  });
});

describe('a policy set', () => {
  const template = { ...base, principal: { op: '==', slot: '?principal' } };
  const set = {
    staticPolicies: { a: base },
    templates: { t: template },
    templateLinks: [{ templateId: 't', newId: 'l', values: { '?principal': uid } }],
  };

  test('has its static policies and its linked templates', () => {
    const { policies, templates } = readPolicySetJson(set);
    expect([...policies.keys()]).toEqual(['a', 'l']);
    expect([...templates.keys()]).toEqual(['t']);
    expect(policies.get('l')?.principal).toEqual({
      kind: 'equals',
      target: new EntityUid('A', 'b'),
    });
  });

  test('read from text keeps ids that name members of Object.prototype', () => {
    const text = `{"staticPolicies":{"__proto__":${JSON.stringify(base)}}}`;
    expect([...readPolicySetJson(readJson(text)).policies.keys()]).toEqual(['__proto__']);
  });

  test.each([
    [{ ...set, links: [] }, 'malformed', []],
    [{ ...set, staticPolicies: { t: base } }, 'duplicate', []],
    [{ ...set, staticPolicies: { l: base } }, 'duplicate', ['templateLinks', 0]],
    [{ ...set, staticPolicies: { a: template } }, 'malformed', ['staticPolicies', 'a']],
    [{ ...set, templates: { t: base } }, 'malformed', ['templates', 't']],
    [{ ...set, templates: {} }, 'undeclared', ['templateLinks', 0]],
    [
      { ...set, templateLinks: [{ templateId: 't', newId: 'l', values: {} }] },
      'malformed',
      ['templateLinks', 0],
    ],
    [
      { ...set, templateLinks: [{ templateId: 't', newId: 'l', values: { '?resource': uid } }] },
      'malformed',
      ['templateLinks', 0],
    ],
  ])('is refused with the path of what is wrong: %j', (json, code, path) => {
    const error = errorOf(() => readPolicySetJson(json));
    expect([error?.code, error?.path]).toEqual([code, path]);
  });
});

describe('a template', () => {
  const [parsed] = parsePolicies(
    '@id("t") forbid(principal == ?principal, action, resource is B in ?resource) when { true };',
  );
  const template = parsed?.policy ?? readPolicyJson(base);
  const values = { '?principal': new EntityUid('A', 'a'), '?resource': new EntityUid('B', 'b') };

  test('is linked to the policy that its text is with the slots filled', () => {
    const [filled] = parsePolicies(
      '@id("t") forbid(principal == A::"a", action, resource is B in B::"b") when { true };',
    );
    expect(linkTemplate(template, values)).toEqual(filled?.policy);
  });

  test('is refused where a slot stays open, or a value has none', () => {
    const open = errorOf(() => linkTemplate(template, { '?principal': values['?principal'] }));
    expect([open?.code, open?.path]).toEqual(['malformed', ['?resource']]);
    const superfluous = errorOf(() => linkTemplate(readPolicyJson(base), values));
    expect([superfluous?.code, superfluous?.path]).toEqual(['malformed', ['?principal']]);
  });
});
