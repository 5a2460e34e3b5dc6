import { digitsEnd, smallNumber, wholeNumber } from './digits.ts';
import { ExtensionValue, toLong, type Long } from './value.ts';

const MINUS = 45;
const POINT = 46;
const FRACTION_DIGITS = 4;
/** So many digits are exact in a `number`. */
const EXACT_DIGITS = 15;

/** A value of Cedar's `decimal`: 64 bits that count ten-thousandths. */
export class Decimal extends ExtensionValue {
  /** The value times 10 000. */
  readonly scaled: Long;

  constructor(scaled: Long) {
    super();
    this.scaled = scaled;
  }

  equals(other: ExtensionValue): boolean {
    return other instanceof Decimal && other.scaled === this.scaled;
  }

  key(): string {
    return `decimal ${this.scaled}`;
  }

  /** As Cedar reads it back: at least one digit after the point. */
  override toString(): string {
    const isNegative = this.scaled < 0;
    const digits = String(this.scaled).slice(isNegative ? 1 : 0);
    const padded = digits.padStart(FRACTION_DIGITS + 1, '0');
    const whole = padded.slice(0, -FRACTION_DIGITS);
    const fraction = padded.slice(-FRACTION_DIGITS).replace(/0{1,3}$/u, '');
    return `${isNegative ? '-' : ''}${whole}.${fraction}`;
  }
}

/** Reads `-?digits.digits` with up to four digits after the point; `undefined` for anything else. */
export function parseDecimal(text: string): Decimal | undefined {
  const isNegative = text.charCodeAt(0) === MINUS;
  const start = isNegative ? 1 : 0;
  const point = digitsEnd(text, start);
  if (point === start || text.charCodeAt(point) !== POINT) return undefined;
  const end = digitsEnd(text, point + 1);
  const length = end - point - 1;
  if (end !== text.length || length === 0 || length > FRACTION_DIGITS) return undefined;

  if (point - start + FRACTION_DIGITS <= EXACT_DIGITS) {
    const whole = smallNumber(text, start, point) * 10 ** FRACTION_DIGITS;
    const fraction = smallNumber(text, point + 1, end) * 10 ** (FRACTION_DIGITS - length);
    // `0 -` rather than `-`: no integer is −0.
    return new Decimal(isNegative ? 0 - (whole + fraction) : whole + fraction);
  }
  const digits = text.slice(start, point) + text.slice(point + 1).padEnd(FRACTION_DIGITS, '0');
  const size = wholeNumber(digits);
  const scaled = size === undefined ? undefined : toLong(isNegative ? -size : size);
  return scaled === undefined ? undefined : new Decimal(scaled);
}
