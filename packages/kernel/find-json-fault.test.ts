import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJsonFault } from './find-json-fault.ts';

test.each([
  ['{\n  "name": }\n', { line: 2, column: 11 }],
  ['{\n', { line: 2, column: 1 }],
  ['', { line: 1, column: 1 }],
  ['{"a": 1,}', { line: 1, column: 9 }],
  ['[1 2]', { line: 1, column: 4 }],
  ['{"a": 01}', { line: 1, column: 8 }],
  ['{a: 1}', { line: 1, column: 2 }],
  ['["a\nb"]', { line: 1, column: 2 }],
  ['[1]]', { line: 1, column: 4 }],
  ['{"a": [true, {"b": null}]} x', { line: 1, column: 28 }],
])('the text %j stops being JSON there', (text, place) => {
  expect(findJsonFault(text)).toEqual(place);
});

test('a text is JSON here exactly when the engine reads it', () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', '{', '}', ',', '"', '1', 'x', ']', ':', ' '))
    .map(([text, at, more]) => {
      const cut = at % (text.length + 1);
      return `${text.slice(0, cut)}${more}${text.slice(cut + 1)}`;
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => {
      let reads = true;
      try {
        JSON.parse(text);
      } catch {
        reads = false;
      }
      expect(findJsonFault(text) === undefined).toBe(reads);
    }),
    { numRuns: 500, seed: 11 },
  );
});
