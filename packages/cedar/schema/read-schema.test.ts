import { describe, expect, test } from 'vitest';
import { readEntities } from '../entities/read-entities.ts';
import { EntityUid } from '../values/value.ts';
import { actionEntities } from './action-entities.ts';
import { checkEntities } from './check-entities.ts';
import { checkRequest } from './check-request.ts';
import { readSchema } from './read-schema.ts';
import { schemaJson } from './testing/official-cases.ts';
import { richEntities, richSchema } from './testing/rich-schema.ts';

const refusal = (code: string, path?: readonly (string | number)[]) =>
  expect.objectContaining(path === undefined ? { code } : { code, path });

describe('a schema', () => {
  test('has its names qualified and its common types followed', () => {
    const schema = readSchema(
      schemaJson(`type Address = { street: String, of?: decimal };
        entity Company;
        namespace Desk {
          type decimal = Long;
          entity Team in [Team, Company];
          entity Agent in [Team] { home: Address, price: decimal, cost: __cedar::decimal };
          action read;
          action "read all" in [read] appliesTo { principal: Agent, resource: [Team, Company] };
        }`),
    );
    const agent = schema.entityTypes.get('Desk::Agent');
    expect([...(agent?.ancestorTypes ?? [])]).toEqual(['Desk::Team', 'Company']);
    const types = agent?.attributes.attributes.map(({ name, type }) => [name, type]);
    expect(Object.fromEntries(types ?? [])).toMatchObject({
      home: { kind: 'record', attributes: [{ name: 'of', isRequired: false }, { name: 'street' }] },
      price: { kind: 'long' },
      cost: { kind: 'extension', name: 'decimal' },
    });
    const action = schema.actions.get('Desk::Action')?.get('read all');
    expect(action?.ancestors).toEqual([new EntityUid('Desk::Action', 'read')]);
    expect([...(action?.resourceTypes ?? [])]).toEqual(['Desk::Team', 'Company']);
    expect(actionEntities(schema)).toHaveLength(2);
  });

  test.each([
    ['no object', [], 'malformed'],
    ['an unknown type', entityWith({ a: { type: 'Nothing' } }), 'undeclared'],
    ['an unknown entity type', entityWith({ a: { type: 'Entity', name: 'X' } }), 'undeclared'],
    ['a type from the prototype', entityWith({ a: { type: 'toString' } }), 'undeclared'],
    ['no type', entityWith({ a: {} }), 'malformed'],
    [
      'an open record',
      entityWith({ a: { type: 'Record', additionalAttributes: true } }),
      'malformed',
    ],
    ['a type that is defined by itself', selfDefined(), 'cycle'],
    ['types nested without end', entityWith({ a: nested(5_000) }), 'too-deep'],
    ['an action in itself', { '': { actions: { a: { memberOf: [{ id: 'a' }] } } } }, 'cycle'],
    ['an unknown group', { '': { actions: { a: { memberOf: [{ id: 'b' }] } } } }, 'undeclared'],
    ['a reserved name', { '': { entityTypes: { if: {} } } }, 'bad-name'],
    ['a bad namespace', { 'a b': {} }, 'bad-name'],
    [
      'a shape that is no record',
      { '': { entityTypes: { A: { shape: { type: 'Long' } } } } },
      'wrong-type',
    ],
  ])('with %s is refused', (_, json, code) => {
    expect(() => readSchema(json)).toThrow(refusal(code));
  });

  test('of common types that double at each step stays as small as it is written', () => {
    const commonTypes = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => {
        const type = { type: index === 0 ? 'Long' : `T${index - 1}` };
        return [`T${index}`, { type: 'Record', attributes: { a: type, b: type } }];
      }),
    );
    const schema = readSchema({
      '': { commonTypes, entityTypes: { A: { shape: { type: 'T39' } } } },
    });
    expect(schema.entityTypes.get('A')?.attributes.attributes).toHaveLength(2);
  });
});

describe('values that did not come from JSON', () => {
  const schema = readSchema(schemaJson(richSchema));
  const uid = (type: string, id: string) => new EntityUid(type, id);
  const request = {
    principal: uid('U', 'alice'),
    action: uid('Action', 'view'),
    resource: uid('G', 'g'),
    context: {},
  };

  test('are checked as a request', () => {
    expect(checkRequest(schema, request).uid.id).toBe('view');
    const inner = { b: true, a: { street: 'x' } };
    expect(checkRequest(schema, { ...request, context: { a: 2n ** 60n, inner } })).toBeDefined();
    const refused = (change: object, code: string, path: string[]) => {
      expect(() => checkRequest(schema, { ...request, ...change })).toThrow(refusal(code, path));
    };
    refused({ principal: uid('Nobody', 'x') }, 'undeclared', ['principal']);
    refused({ principal: uid('Color', 'blue') }, 'not-in-enum', ['principal']);
    refused({ principal: uid('G', 'g') }, 'not-applicable', ['principal']);
    refused({ resource: uid('Top', 't') }, 'not-applicable', ['resource']);
    refused({ action: uid('Action', 'drop') }, 'undeclared', ['action']);
    refused({ action: uid('Action', 'none') }, 'not-applicable', ['principal']);
    refused({ context: { a: 'x' } }, 'wrong-type', ['context', 'a']);
    refused({ context: { risk: 1 } }, 'attribute-undeclared', ['context', 'risk']);
    refused({ context: { inner: {} } }, 'attribute-missing', ['context', 'inner', 'b']);
    refused({ context: { color: uid('Color', 'blue') } }, 'not-in-enum', ['context', 'color']);
  });

  test('are checked as entities', () => {
    const entities = readEntities(richEntities, { schema });
    expect(() => checkEntities(schema, entities)).not.toThrow();
    const refused = (change: object, code: string, path: (string | number)[]) => {
      const [first, ...rest] = entities;
      const changed = first === undefined ? [] : [{ ...first, ...change }, ...rest];
      expect(() => checkEntities(schema, changed)).toThrow(refusal(code, path));
    };
    refused({ uid: uid('X', 'x') }, 'undeclared', [0, 'uid']);
    refused({ attributes: {} }, 'attribute-missing', [0, 'attrs', 'a']);
    refused({ attributes: { a: true } }, 'wrong-type', [0, 'attrs', 'a']);
    refused({ tags: { vip: 1 } }, 'wrong-type', [0, 'tags', 'vip']);
    refused({ parents: [uid('Top', 't'), uid('U', 'bob')] }, 'parent-not-allowed', [
      0,
      'parents',
      1,
    ]);
    const view = { uid: uid('Action', 'view'), attributes: {}, tags: {}, parents: [] };
    refused(view, 'action-differs', [0]);
  });
});

function entityWith(attributes: object): object {
  return { '': { entityTypes: { A: { shape: { type: 'Record', attributes } } }, actions: {} } };
}

function selfDefined(): object {
  const set = (element: string) => ({ type: 'Set', element: { type: element } });
  return {
    '': { commonTypes: { A: set('B'), B: set('A') }, entityTypes: { E: { tags: set('A') } } },
  };
}

function nested(depth: number): object {
  let type: object = { type: 'Long' };
  for (let level = 0; level < depth; level += 1) type = { type: 'Set', element: type };
  return type;
}
