import type { PatternPiece } from '../policy/expression.ts';
import { type Long, toLong } from '../values/value.ts';
import type { TokenReader } from './token-reader.ts';
import { type Refuse, unescapePattern, unescapeString } from './unescape.ts';

const SAFE_DIGITS = 15;
const LONG_DIGITS = 19;

/** Reads the string that the token is. */
export function parseString(reader: TokenReader, what: string): string {
  if (reader.kind !== 'string') reader.unexpected(what);
  const text = reader.escaped ? unescapeString(reader.value, refuseIn(reader)) : reader.value;
  reader.next();
  return text;
}

/** Reads the pattern that the token is. */
export function parsePattern(reader: TokenReader): PatternPiece[] {
  if (reader.kind !== 'string') {
    reader.fail('bad-pattern', 'on the right of “like” stands a pattern in quotes');
  }
  const pattern = unescapePattern(reader.value, refuseIn(reader));
  reader.next();
  return pattern;
}

/** Reports a place within the string that the token is. */
function refuseIn(reader: TokenReader): Refuse {
  const offset = reader.start + 1;
  return (code, message, at) => reader.fail(code, message, offset + at);
}

/** Reads the number that the token is. */
export function parseNumber(reader: TokenReader): Long {
  const { value: digits, start: offset } = reader;
  reader.next();
  return readLong(reader, digits, { isNegative: false, offset });
}

interface SignedNumber {
  readonly value: Long;
  readonly isNegative: boolean;
}

/**
 * Reads a number behind a `-`, which belongs to it, so that the lowest one can be written; unless
 * something is accessed on it: `-5.a` is `-(5.a)`.
 */
export function parseNegativeNumber(reader: TokenReader, signOffset: number): SignedNumber {
  const { value: digits, start } = reader;
  reader.next();
  const { kind } = reader;
  const isNegative = kind !== '.' && kind !== '[' && kind !== '(';
  const offset = isNegative ? signOffset : start;
  return { value: readLong(reader, digits, { isNegative, offset }), isNegative };
}

/** An integer of digits alone; leading zeros are allowed, as in Cedar. */
function readLong(reader: TokenReader, digits: string, sign: Sign): Long {
  if (digits.length <= SAFE_DIGITS) return sign.isNegative ? 0 - Number(digits) : Number(digits);
  const significant = digits.replace(/^0+(?=\d)/u, '');
  const value =
    significant.length > LONG_DIGITS
      ? undefined
      : toLong(sign.isNegative ? -BigInt(significant) : BigInt(significant));
  if (value === undefined) {
    reader.fail('integer-too-large', 'this integer does not fit into 64 bits', sign.offset);
  }
  return value;
}

interface Sign {
  readonly isNegative: boolean;
  /** Where the number is reported that is too large. */
  readonly offset: number;
}
