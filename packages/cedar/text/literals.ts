import { type Long, toLong } from '../values/value.ts';
import type { TokenReader } from './token-reader.ts';
import { type Refuse, unescapeString } from './unescape.ts';

const SAFE_DIGITS = 15;
const LONG_DIGITS = 19;

/** Reads the string that the token is. */
export function parseString(reader: TokenReader, what: string): string {
  if (reader.kind !== 'string') reader.unexpected(what);
  const text = reader.escaped ? unescapeString(reader.value, refuseIn(reader)) : reader.value;
  reader.next();
  return text;
}

/** Reports a place within the string that the token is. */
export function refuseIn(reader: TokenReader): Refuse {
  const offset = reader.start + 1;
  return (code, message, at) => reader.fail(code, message, offset + at);
}

/** An integer of digits alone; leading zeros are allowed, as in Cedar. */
export function readLong(reader: TokenReader, digits: string, sign: Sign): Long {
  if (digits.length <= SAFE_DIGITS) return sign.negative ? 0 - Number(digits) : Number(digits);
  const significant = digits.replace(/^0+(?=\d)/u, '');
  const value =
    significant.length > LONG_DIGITS
      ? undefined
      : toLong(sign.negative ? -BigInt(significant) : BigInt(significant));
  if (value === undefined) {
    reader.fail('integer-too-large', 'this integer does not fit into 64 bits', sign.offset);
  }
  return value;
}

interface Sign {
  readonly negative: boolean;
  /** Where the number is reported that is too large. */
  readonly offset: number;
}
