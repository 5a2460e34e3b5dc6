/** Reading ASCII digits by hand: no regex on the request path, and none of Unicode's other digits. */

const ZERO = 48;

/** Whether the character at `at` is one of `0` to `9`; past the end it is none. */
export function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at) - ZERO;
  return code >= 0 && code <= 9;
}

/** Where the digits that start at `from` end. */
export function digitsEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text, at)) at += 1;
  return at;
}

/** The number that the digits from `from` to `to` say; exact for up to 15 of them. */
export function smallNumber(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + text.charCodeAt(at) - ZERO;
  return value;
}

/**
 * A text of digits as a whole number, or `undefined` where it has more than the 20 digits of an
 * unsigned 64-bit integer; leading zeros do not count.
 */
export function wholeNumber(digits: string): bigint | undefined {
  let from = 0;
  while (from < digits.length && digits.charCodeAt(from) === ZERO) from += 1;
  return digits.length - from > 20 ? undefined : BigInt(digits.slice(from) || '0');
}
