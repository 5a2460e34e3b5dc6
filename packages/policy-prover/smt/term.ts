import { NotEncodable } from '../not-encodable.ts';

/** A term of SMT-LIB 2.6, as text. */
export type Term = string;

/** What holds for certain: terms fold to it where they can. */
export const TRUE: Term = 'true';
/** What cannot hold. */
export const FALSE: Term = 'false';

/** The sort of Cedar's whole numbers, decimals, times and durations. */
export const BITS = '(_ BitVec 64)';

/** `not term`. */
export function not(term: Term): Term {
  if (term === TRUE) return FALSE;
  if (term === FALSE) return TRUE;
  return `(not ${term})`;
}

/** All of them. */
export function and(...terms: readonly Term[]): Term {
  return joined('and', { terms, neutral: TRUE, absorbing: FALSE });
}

/** One of them at least. */
export function or(...terms: readonly Term[]): Term {
  return joined('or', { terms, neutral: FALSE, absorbing: TRUE });
}

/** The conclusion, wherever the premise holds. */
export function implies(premise: Term, conclusion: Term): Term {
  return or(not(premise), conclusion);
}

/** Of terms of any one sort. */
export function same(left: Term, right: Term): Term {
  if (left === right) return TRUE;
  if (isLiteral(left) && isLiteral(right)) return FALSE;
  return `(= ${left} ${right})`;
}

/** One of two terms of one sort. */
export function choose(condition: Term, then: Term, otherwise: Term): Term {
  if (condition === TRUE || then === otherwise) return then;
  if (condition === FALSE) return otherwise;
  return `(ite ${condition} ${then} ${otherwise})`;
}

/** A whole number in `width` bits, two's complement. */
export function bits(value: bigint | number, width = 64): Term {
  const hex = BigInt.asUintN(width, BigInt(value)).toString(16);
  return `#x${hex.padStart(width / 4, '0')}`;
}

/** SMT-LIB's Unicode strings end with the second supplementary plane. */
const LAST_CHARACTER = 0x2_ff_ff;

/** Printable ASCII but `"` and `\`, which need no escape. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A literal of a string, every unusual character escaped. */
export function text(value: string): Term {
  if (PLAIN.test(value)) return `"${value}"`;
  const characters = Array.from(value, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code > LAST_CHARACTER) throw new NotEncodable('a character beyond U+2FFFF');
    const isPlain = code >= 0x20 && code < 0x7f && character !== '"' && character !== '\\';
    return isPlain ? character : `\\u{${code.toString(16)}}`;
  });
  return `"${characters.join('')}"`;
}

/** Two different ones are never the same. */
function isLiteral(term: Term): boolean {
  return term.startsWith('"') || term.startsWith('#x');
}

function joined(
  name: string,
  {
    terms,
    neutral,
    absorbing,
  }: { readonly terms: readonly Term[]; readonly neutral: Term; readonly absorbing: Term },
): Term {
  const left = [...new Set(terms)].filter((term) => term !== neutral);
  if (left.includes(absorbing)) return absorbing;
  // A term beside its own negation.
  if (left.some((term) => left.includes(`(not ${term})`))) return absorbing;
  const [only = neutral] = left;
  return left.length < 2 ? only : `(${name} ${left.join(' ')})`;
}
