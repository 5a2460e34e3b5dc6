import { digitsEnd, smallNumber, wholeNumber } from './digits.ts';
import { ExtensionValue, toLong, type Long } from './value.ts';

const MINUS = 45;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In the only order in which Cedar takes them. */
const units = [
  { name: 'd', ms: DAY },
  { name: 'h', ms: HOUR },
  { name: 'm', ms: MINUTE },
  { name: 's', ms: SECOND },
  { name: 'ms', ms: 1 },
] as const;

/** A value of Cedar's `duration`: 64 bits that count milliseconds. */
export class Duration extends ExtensionValue {
  readonly ms: Long;

  constructor(ms: Long) {
    super();
    this.ms = ms;
  }

  equals(other: ExtensionValue): boolean {
    return other instanceof Duration && other.ms === this.ms;
  }

  key(): string {
    return `duration ${this.ms}`;
  }

  /** Whole seconds; this and the next three cut off towards zero. */
  toSeconds(): Long {
    return this.#whole(SECOND);
  }

  toMinutes(): Long {
    return this.#whole(MINUTE);
  }

  toHours(): Long {
    return this.#whole(HOUR);
  }

  toDays(): Long {
    return this.#whole(DAY);
  }

  override toString(): string {
    return `${this.ms}ms`;
  }

  #whole(unitMs: number): Long {
    // `+ 0` turns −0, which no integer is, into 0.
    if (typeof this.ms === 'number') return Math.trunc(this.ms / unitMs) + 0;
    return canonical(this.ms / BigInt(unitMs));
  }
}

/** Reads `-1d2h3m4s5ms`, each unit at most once and one at least; `undefined` for anything else. */
export function parseDuration(text: string): Duration | undefined {
  const isNegative = text.charCodeAt(0) === MINUS;
  let at = isNegative ? 1 : 0;
  if (at === text.length) return undefined;
  let total: Long = 0;
  let next = 0;
  while (at < text.length) {
    const end = digitsEnd(text, at);
    const found = end === at ? -1 : unitAt(text, end, next);
    const unit = units[found];
    if (unit === undefined) return undefined;
    const sum = plusUnits(total, text.slice(at, end), unit.ms);
    if (sum === undefined) return undefined;
    total = sum;
    at = end + unit.name.length;
    next = found + 1;
  }
  if (typeof total === 'number') return new Duration(isNegative ? 0 - total : total);
  const ms = toLong(isNegative ? -total : total);
  return ms === undefined ? undefined : new Duration(ms);
}

/** The index of the unit that stands at `at`, from `first` on, or −1. `m` is not the start of `ms`. */
function unitAt(text: string, at: number, first: number): number {
  for (let index = first; index < units.length; index += 1) {
    const name = units[index]?.name ?? '';
    if (text.startsWith(name, at) && !(name === 'm' && text[at + 1] === 's')) return index;
  }
  return -1;
}

/** A sum of sizes, not yet held to 64 bits where it is a bigint; `undefined` far beyond. */
function plusUnits(total: Long, digits: string, unitMs: number): Long | undefined {
  if (typeof total === 'number' && digits.length <= 15) {
    const sum = total + smallNumber(digits, 0, digits.length) * unitMs;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const count = wholeNumber(digits);
  return count === undefined ? undefined : canonical(BigInt(total) + count * BigInt(unitMs));
}

/** As `toLong`, of what may not fit into 64 bits. */
function canonical(value: bigint): Long {
  const narrow = Number(value);
  return Number.isSafeInteger(narrow) ? narrow : value;
}
