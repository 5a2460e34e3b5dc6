import { isDigit, smallNumber } from './digits.ts';
import { Duration } from './duration.ts';
import { ExtensionValue, toLong, type Long } from './value.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A value of Cedar's `datetime`: 64 bits that count milliseconds since 1970-01-01T00:00:00Z. */
export class Datetime extends ExtensionValue {
  readonly epochMs: Long;

  constructor(epochMs: Long) {
    super();
    this.epochMs = epochMs;
  }

  equals(other: ExtensionValue): boolean {
    return other instanceof Datetime && other.epochMs === this.epochMs;
  }

  key(): string {
    return `datetime ${this.epochMs}`;
  }

  /** `undefined` where the result does not fit into 64 bits. */
  offset(duration: Duration): Datetime | undefined {
    const sum = add(this.epochMs, duration.ms, 1);
    return sum === undefined ? undefined : new Datetime(sum);
  }

  /** The time from `other` to this; `undefined` where it does not fit into 64 bits. */
  durationSince(other: Datetime): Duration | undefined {
    const difference = add(this.epochMs, other.epochMs, -1);
    return difference === undefined ? undefined : new Duration(difference);
  }

  /** Midnight before, also before 1970; `undefined` where it does not fit into 64 bits. */
  toDate(): Datetime | undefined {
    const midnight = add(this.epochMs, this.#sinceMidnightMs(), -1);
    return midnight === undefined ? undefined : new Datetime(midnight);
  }

  /** What has passed since {@link toDate}. */
  toTime(): Duration {
    return new Duration(this.#sinceMidnightMs());
  }

  #sinceMidnightMs(): number {
    const { epochMs } = this;
    const rest = typeof epochMs === 'number' ? epochMs % DAY_MS : Number(epochMs % BigInt(DAY_MS));
    // `+ 0` turns −0, which no integer is, into 0.
    return rest < 0 ? rest + DAY_MS : rest + 0;
  }
}

function add(left: Long, right: Long, sign: 1 | -1): Long | undefined {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + sign * right;
    // `+ 0` turns −0, which no integer is, into 0.
    if (Number.isSafeInteger(sum)) return sum + 0;
  }
  return toLong(BigInt(left) + BigInt(sign) * BigInt(right));
}

/**
 * Reads `YYYY-MM-DD`, alone or with `Thh:mm:ss`, an optional `.SSS`, and `Z` or `±hhmm`; `undefined`
 * for anything else, also for a day that no month has and for a 60th second.
 */
export function parseDatetime(text: string): Datetime | undefined {
  const dayMs = readDate(text);
  if (dayMs === undefined || text.length === 10) return timed(dayMs, 0, 0);
  const timeMs = readTime(text);
  const hasFraction = text[19] === '.';
  const fractionMs = hasFraction ? readNumber(text, 20, 3) : 0;
  if (timeMs === undefined || fractionMs === undefined) return undefined;
  return timed(dayMs, timeMs + fractionMs, readZone(text, hasFraction ? 23 : 19));
}

function timed(dayMs?: number, timeMs?: number, zoneMs?: number): Datetime | undefined {
  if (dayMs === undefined || timeMs === undefined || zoneMs === undefined) return undefined;
  return new Datetime(dayMs + timeMs - zoneMs);
}

function readDate(text: string): number | undefined {
  const year = readNumber(text, 0, 4);
  const month = readNumber(text, 5, 2);
  const day = readNumber(text, 8, 2);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (text[4] !== '-' || text[7] !== '-') return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return daysSinceEpoch(year, month, day) * DAY_MS;
}

function readTime(text: string): number | undefined {
  const hours = readNumber(text, 11, 2);
  const minutes = readNumber(text, 14, 2);
  const seconds = readNumber(text, 17, 2);
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  if (text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return undefined;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

function readZone(text: string, at: number): number | undefined {
  const sign = text[at];
  if (sign === 'Z') return text.length === at + 1 ? 0 : undefined;
  if ((sign !== '+' && sign !== '-') || text.length !== at + 5) return undefined;
  const hours = readNumber(text, at + 1, 2);
  const minutes = readNumber(text, at + 3, 2);
  if (hours === undefined || minutes === undefined || hours > 23 || minutes > 59) return undefined;
  return (hours * 60 + minutes) * MINUTE_MS * (sign === '+' ? 1 : -1);
}

function readNumber(text: string, from: number, digits: number): number | undefined {
  for (let at = from; at < from + digits; at += 1) if (!isDigit(text, at)) return undefined;
  return smallNumber(text, from, from + digits);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `Date.UTC` takes the years 0 to 99 for the 20th century; a whole cycle of 400 years later it does not. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const daysIn400Years = 146_097;
  return Date.UTC(year + 400, month - 1, day) / DAY_MS - daysIn400Years;
}
