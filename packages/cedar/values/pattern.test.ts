import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PatternPiece } from '../policy/expression.ts';
import { quoteText } from './describe-value.ts';
import { compilePattern } from './pattern.ts';
import { askCedar } from './testing/cedar-oracle.ts';

const numRuns = Number(process.env['CEDAR_RUNS'] ?? 300);
const seed = Number(process.env['CEDAR_SEED'] ?? 1);

/** `*` for a wildcard, everything else itself. */
function piecesOf(pattern: string): PatternPiece[] {
  return [...pattern].map((literal) => (literal === '*' ? 'wildcard' : { literal }));
}

function writtenPattern(pieces: readonly PatternPiece[]): string {
  const parts = pieces.map((piece) =>
    piece === 'wildcard'
      ? '*'
      : quoteText(piece.literal)
          .slice(1, -1)
          .replaceAll('*', String.raw`\*`),
  );
  return `"${parts.join('')}"`;
}

function expectCedarAgrees(cases: readonly (readonly [string, readonly PatternPiece[]])[]): void {
  const conditions = cases.map(
    ([text, pieces]) => `${quoteText(text)} like ${writtenPattern(pieces)}`,
  );
  const ours = cases.map(([text, pieces]) => compilePattern(pieces)(text));
  const answers = askCedar(conditions);
  const wrong = conditions.filter((_condition, index) => answers[index] !== ours[index]);
  expect(wrong).toEqual([]);
}

test('a pattern matches what it matches for Cedar', () => {
  const patterns = [
    '',
    '*',
    '**',
    'a',
    'a*',
    '*a',
    'a*a',
    '*a*',
    'ab*ba',
    'a*b*a',
    '*a*b*',
    '😀*',
    '*😀',
  ];
  const texts = [
    '',
    'a',
    'aa',
    'ab',
    'aba',
    'abba',
    'abcba',
    'b',
    '*',
    '😀',
    '😀😀',
    'a😀a',
    'y̆',
    'é',
  ];
  expectCedarAgrees(
    patterns.flatMap((pattern) => texts.map((text) => [text, piecesOf(pattern)] as const)),
  );
});

test('a star in quotes is a letter', () => {
  const star: PatternPiece = { literal: '*' };
  expectCedarAgrees([
    ['*', [star]],
    ['a', [star]],
    ['a*b', ['wildcard', star, 'wildcard']],
    ['ab', ['wildcard', star, 'wildcard']],
  ]);
});

test('patterns and texts that nobody thought of match as for Cedar', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'ab', '😀', '*', '\n'), { maxLength: 12 });
  const piece = fc.oneof(
    { weight: 2, arbitrary: fc.constant<PatternPiece>('wildcard') },
    {
      weight: 3,
      arbitrary: text.map((all): PatternPiece => ({ literal: all.slice(0, 3).join('') })),
    },
    { weight: 1, arbitrary: fc.constant<PatternPiece>({ literal: 'abababababababababa' }) },
  );
  const long = fc.nat(12).map((times) => 'ab'.repeat(times));
  const single = fc.tuple(
    fc.tuple(long, text, long).map(([head, all, tail]) => head + all.join('') + tail),
    fc.array(piece, { maxLength: 6 }),
  );
  const batch = fc.array(single, { minLength: 20, maxLength: 20 });
  fc.assert(fc.property(batch, expectCedarAgrees), {
    numRuns: Math.ceil(numRuns / 20),
    seed,
    endOnFailure: true,
  });
});

test.each([
  ['many short literals', `${'*a'.repeat(1000)}*b*`, 'a'.repeat(1_000_000)],
  [
    'a long literal that nearly matches everywhere',
    `*${'a'.repeat(50_000)}b*`,
    'a'.repeat(1_000_000),
  ],
  ['one that fails late', `*b${'a'.repeat(50_000)}*`, 'a'.repeat(1_000_000)],
  ['many that nearly match', `${'*aaaaaaab'.repeat(1000)}*`, 'aaaaaaaa'.repeat(125_000)],
])('a hostile pattern costs no more than a look at the text: %s', (_name, pattern, text) => {
  const matches = compilePattern(piecesOf(pattern));
  const start = performance.now();
  expect(matches(text)).toBe(false);
  // A matcher that tries each place again takes minutes.
  expect(performance.now() - start).toBeLessThan(1500);
});
