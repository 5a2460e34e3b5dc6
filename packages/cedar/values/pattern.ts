import type { PatternPiece } from '../policy/expression.ts';

/** A compiled `like` pattern. */
export type PatternMatcher = (text: string) => boolean;

/**
 * Compiles the pattern of a `like`. Each literal between two wildcards is looked for once, from the
 * left, and never again: the leftmost place leaves the most text for the rest, so that a hostile
 * pattern costs no more than one search for each of its literals.
 *
 * Cedar matches Unicode scalar values. Comparing UTF-16 is the same for well-formed text, in which
 * no literal can start or end inside of a pair.
 */
export function compilePattern(pieces: readonly PatternPiece[]): PatternMatcher {
  const { literals, isExact } = split(pieces);
  const first = literals[0] ?? '';
  if (isExact) return (text) => text === first;
  const last = literals.at(-1) ?? '';
  const middle = literals
    .slice(1, -1)
    .filter((literal) => literal !== '')
    .map(finder);
  if (middle.length === 0) {
    const least = first.length + last.length;
    return (text) => text.length >= least && text.startsWith(first) && text.endsWith(last);
  }
  return (text) => {
    const end = text.length - last.length;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const find of middle) {
      at = find(text, at, end);
      if (at === -1) return false;
    }
    return at <= end;
  };
}

/** The literals around the wildcards, empty ones among them. Without a wildcard, the whole text. */
function split(pieces: readonly PatternPiece[]): {
  readonly literals: readonly string[];
  readonly isExact: boolean;
} {
  const literals = [''];
  for (const piece of pieces) {
    if (piece === 'wildcard') literals.push('');
    else literals.push(`${literals.pop() ?? ''}${piece.literal}`);
  }
  return { literals, isExact: literals.length === 1 };
}

/** Finds a literal between two places of a text; answers the place behind it, or −1. */
type Finder = (text: string, from: number, end: number) => number;

/** Up to so long, the engine’s own search costs at worst this many steps a character. */
const SHORT_MAX = 16;

function finder(literal: string): Finder {
  return literal.length <= SHORT_MAX ? shortFinder(literal) : longFinder(literal);
}

function shortFinder(literal: string): Finder {
  return (text, from, end) => {
    const found = text.indexOf(literal, from);
    return found === -1 || found + literal.length > end ? -1 : found + literal.length;
  };
}

/**
 * Knuth, Morris and Pratt: `indexOf` can take the product of both lengths for a long literal such as
 * `aaa…b`, this takes their sum.
 */
function longFinder(literal: string): Finder {
  const fallback = fallbacks(literal);
  return (text, from, end) => {
    let matched = 0;
    for (let at = from; at < end; at += 1) {
      const code = text.charCodeAt(at);
      while (matched > 0 && literal.charCodeAt(matched) !== code)
        matched = fallback[matched - 1] ?? 0;
      if (literal.charCodeAt(matched) === code) matched += 1;
      if (matched === literal.length) return at + 1;
    }
    return -1;
  };
}

/** For each length of a beginning, less one: how much of its end is a beginning again. */
function fallbacks(literal: string): Uint32Array {
  const table = new Uint32Array(literal.length);
  let matched = 0;
  for (let at = 1; at < literal.length; at += 1) {
    const code = literal.charCodeAt(at);
    while (matched > 0 && literal.charCodeAt(matched) !== code) matched = table[matched - 1] ?? 0;
    if (literal.charCodeAt(matched) === code) matched += 1;
    table[at] = matched;
  }
  return table;
}
