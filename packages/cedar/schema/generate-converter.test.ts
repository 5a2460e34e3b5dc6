import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CedarInputError } from '../input-error.ts';
import { CedarSet, EntityUid, valuesEqual, type CedarRecord } from '../values/value.ts';
import { convertRecord } from './convert-by-type.ts';
import { generateConverter } from './generate-converter.ts';
import { readSchema } from './read-schema.ts';
import type { RecordType } from './schema.ts';
import { mutate, mutations } from './testing/mutate-json.ts';
import { schemaJson } from './testing/official-cases.ts';
import { richRequest, richSchema } from './testing/rich-schema.ts';

function contextType(fields: string): RecordType {
  const text = `entity U; entity Color enum ["red"];
    action act appliesTo { principal: U, resource: U, context: { ${fields} } };`;
  const action = readSchema(schemaJson(text)).actions.get('Action')?.get('act');
  if (action === undefined) throw new Error('the schema has no action');
  return action.context;
}

const read = (fields: string, json: unknown) =>
  generateConverter(contextType(fields))(json, ['context']);

const rich = readSchema(schemaJson(richSchema)).actions.get('Action')?.get('view')?.context;

test('reads exactly what the reader without generated code reads, and refuses what it refuses', () => {
  const type = rich ?? contextType('');
  const attempt = (act: () => CedarRecord): CedarRecord | string => {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof CedarInputError)) throw error;
      return `${error.code} ${error.path.join('.')} ${error.message}`;
    }
  };
  fc.assert(
    fc.property(mutations, (changes) => {
      const json = mutate(richRequest.context, changes);
      const generated = attempt(() => generateConverter(type)(json, ['context']));
      const plain = attempt(() => convertRecord(json, type, ['context']));
      expect(valuesEqual(generated, plain) ? plain : generated).toBe(plain);
    }),
    { seed: 20261121, numRuns: 5000 },
  );
});

test('gives every declared attribute in the order of the type, absent ones as undefined', () => {
  const type = contextType('b: Long, a?: String, "two words"?: Bool');
  const one = generateConverter(type)({ b: 1 }, []);
  const other = generateConverter(type)({ 'two words': true, a: 'x', b: 2 }, []);
  const names = type.attributes.map(({ name }) => name);
  expect(Object.keys(one)).toEqual(names);
  expect(Object.keys(other)).toEqual(names);
  expect(Object.getPrototypeOf(one)).toBe(Object.getPrototypeOf(other));
});

test('treats names that every object has as names like any other', () => {
  const fields = '"__proto__"?: Long, "constructor"?: Long, "toString"?: String';
  const absent = read(fields, {});
  expect([absent['__proto__'], absent['constructor'], absent['toString']]).toEqual(
    Array.from({ length: 3 }),
  );
  expect(absent['valueOf']).toBeUndefined();
  const present = read(fields, JSON.parse('{"__proto__": 1, "constructor": 2}'));
  expect([present['__proto__'], present['constructor']]).toEqual([1, 2]);
  expect(() => read('a?: Long', JSON.parse('{"__proto__": {"a": 1}}'))).toThrow(
    expect.objectContaining({ code: 'attribute-undeclared', path: ['context', '__proto__'] }),
  );
  expect(({} as { a?: unknown }).a).toBeUndefined();
});

test('runs nothing that a schema has in its names', () => {
  const name = `"];globalThis.hacked=true;//'\`\${globalThis.hacked=true}\u2028\\`;
  const type: RecordType = {
    kind: 'record',
    attributes: [
      { name, type: { kind: 'entity', entityType: name }, isRequired: true },
      { name: 'plain', type: { kind: 'long' }, isRequired: false },
    ],
  };
  const record = generateConverter(type)({ [name]: { type: name, id: 'x' } }, []);
  expect(record[name]).toEqual(new EntityUid(name, 'x'));
  expect(globalThis).not.toHaveProperty('hacked');
});

test.each([
  ['a: Long', { a: 1.5 }, 'not-a-long', 'context.a'],
  ['a: Long', { a: 2 ** 53 }, 'not-a-long', 'context.a'],
  ['a: Long', { a: 2n ** 63n }, 'not-a-long', 'context.a'],
  ['a: Long', { a: '1' }, 'wrong-type', 'context.a'],
  ['a: Long', {}, 'attribute-missing', 'context.a'],
  ['a?: Long', { a: null }, 'malformed', 'context.a'],
  ['a?: Long', { b: 1 }, 'attribute-undeclared', 'context.b'],
  ['a: String', { a: '\uD800' }, 'malformed', 'context.a'],
  ['a: Set<Long>', { a: [1, 'x'] }, 'wrong-type', 'context.a.1'],
  ['a: Set<Long>', { a: Array.from({ length: 10_001 }, () => 1) }, 'too-large', 'context.a'],
  ['a: { b: { c: Bool } }', { a: { b: { c: 1 } } }, 'wrong-type', 'context.a.b.c'],
  ['a: Color', { a: { type: 'Color', id: 'blue' } }, 'not-in-enum', 'context.a'],
  ['a: U', { a: { type: 'Color', id: 'red' } }, 'wrong-type', 'context.a'],
  ['a: decimal', { a: '1.00001' }, 'bad-extension', 'context.a'],
  ['a: decimal', { a: { fn: 'ip', arg: '1.1.1.1' } }, 'wrong-type', 'context.a'],
  ['', [], 'wrong-type', 'context'],
])('for { %s } refuses what is not of that type (%#)', (...[fields, json, code, at]) => {
  const path = at.split('.').map((step) => (step === '1' ? 1 : step));
  expect(() => read(fields, json)).toThrow(expect.objectContaining({ code, path }));
});

test('refuses calls in calls without end, rather than overflow', () => {
  let json: object = { fn: 'toDate', arg: '2024-01-01' };
  for (let depth = 0; depth < 50_000; depth += 1) json = { fn: 'toDate', arg: json };
  expect(() => read('a: datetime', { a: json })).toThrow(
    expect.objectContaining({ code: 'too-deep' }),
  );
});

test('takes 64-bit integers without loss, sets without repetition', () => {
  const record = read('a: Long, b: Set<U>', {
    a: 2n ** 63n - 1n,
    b: Array.from({ length: 40 }, (_, index) => ({ type: 'U', id: `${index % 20}` })),
  });
  expect(record['a']).toBe(9_223_372_036_854_775_807n);
  expect(record['b']).toBeInstanceOf(CedarSet);
  expect(record['b']).toHaveProperty('elements.length', 20);
});
