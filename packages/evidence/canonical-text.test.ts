import { canonicalJson, type Json } from '@proofline/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCanonicalText } from './canonical-text.ts';

const judge = (text: string) => isCanonicalText(text, JSON.parse(text));

test.each([
  '{"b":1,"a":2}',
  '{"a":{"c":1,"b":2}}',
  '[{"b":1,"a":2}]',
  '{"a":1,"a":1}',
  '{ "a":1}',
  '{"a":1.0}',
  '{"a":1e1}',
  '{"a":-0}',
  String.raw`{"a":"\u0041"}`,
  String.raw`{"a":"\ud800"}`,
  String.raw`{"\ud800":1}`,
  String.raw`{"a":"\uD83D\uDE00"}`,
  '{"a":"\ud800"}',
  '{"9":1,"10":1}',
  '{"a":1,"9":1}',
])('%s is no canonical spelling', (text) => {
  expect(judge(text)).toBe(false);
});

test.each([
  '{"10":1,"9":1}',
  '{"__proto__":1}',
  '{"":{},"a":[],"é":"€😀"}',
  '"a"',
  'null',
  '1e+21',
])('%s is one', (text) => {
  expect(judge(text)).toBe(true);
});

test('any value has exactly the one that is written for it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const spelled = canonicalJson(JSON.parse(JSON.stringify(value)) as Json); // JSON has no -0
      expect(judge(spelled)).toBe(true);
      const other = JSON.stringify(value);
      expect(judge(other)).toBe(other === spelled);
    }),
    { numRuns: 500, seed: 4 },
  );
});
