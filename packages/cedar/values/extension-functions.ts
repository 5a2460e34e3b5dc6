import { evaluationErrors } from '../evaluation-error.ts';
import { Datetime, parseDatetime } from './datetime.ts';
import { Decimal, parseDecimal } from './decimal.ts';
import { Duration, parseDuration } from './duration.ts';
import { IpAddress, parseIpAddress } from './ip-address.ts';
import type { ExtensionValue, Value } from './value.ts';

/** A function that an extension type brings with it. */
export interface ExtensionFunction {
  /** Whether policies write `name(text)` or `value.name(…)`. */
  readonly style: 'constructor' | 'method';
  /** How many arguments it takes, a method’s object among them. */
  readonly arity: 1 | 2;
  /** Throws an `EvaluationError`; so many arguments as `arity` says are there. */
  call(args: readonly Value[]): Value;
}

/** Every function of an extension type, by name. */
export const extensionFunctions: ReadonlyMap<string, ExtensionFunction> = new Map([
  ['decimal', constructor(parseDecimal)],
  ['lessThan', binary(Decimal, Decimal, (left, right) => left.scaled < right.scaled)],
  ['lessThanOrEqual', binary(Decimal, Decimal, (left, right) => left.scaled <= right.scaled)],
  ['greaterThan', binary(Decimal, Decimal, (left, right) => left.scaled > right.scaled)],
  ['greaterThanOrEqual', binary(Decimal, Decimal, (left, right) => left.scaled >= right.scaled)],

  ['ip', constructor(parseIpAddress)],
  ['isIpv4', unary(IpAddress, (address) => address.version === 4)],
  ['isIpv6', unary(IpAddress, (address) => address.version === 6)],
  ['isLoopback', unary(IpAddress, (address) => address.isLoopback())],
  ['isMulticast', unary(IpAddress, (address) => address.isMulticast())],
  ['isInRange', binary(IpAddress, IpAddress, (address, range) => address.isInRange(range))],

  ['datetime', constructor(parseDatetime)],
  ['offset', binary(Datetime, Duration, (time, duration) => fitting(time.offset(duration)))],
  ['durationSince', binary(Datetime, Datetime, (time, from) => fitting(time.durationSince(from)))],
  ['toDate', unary(Datetime, (time) => fitting(time.toDate()))],
  ['toTime', unary(Datetime, (time) => time.toTime())],

  ['duration', constructor(parseDuration)],
  ['toMilliseconds', unary(Duration, (duration) => duration.ms)],
  ['toSeconds', unary(Duration, (duration) => duration.toSeconds())],
  ['toMinutes', unary(Duration, (duration) => duration.toMinutes())],
  ['toHours', unary(Duration, (duration) => duration.toHours())],
  ['toDays', unary(Duration, (duration) => duration.toDays())],
]);

/** A class of extension values; `never` because the arguments of its constructor do not matter. */
type Kind<T extends ExtensionValue> = abstract new (...args: never) => T;

function constructor(parse: (text: string) => ExtensionValue | undefined): ExtensionFunction {
  return {
    style: 'constructor',
    arity: 1,
    call([text]) {
      if (typeof text !== 'string') throw evaluationErrors.type;
      const value = parse(text);
      if (value === undefined) throw evaluationErrors.extension;
      return value;
    },
  };
}

function unary<T extends ExtensionValue>(
  kind: Kind<T>,
  apply: (value: T) => Value,
): ExtensionFunction {
  return {
    style: 'method',
    arity: 1,
    call: ([value]) => apply(required(kind, value)),
  };
}

function binary<T extends ExtensionValue, U extends ExtensionValue>(
  leftKind: Kind<T>,
  rightKind: Kind<U>,
  apply: (left: T, right: U) => Value,
): ExtensionFunction {
  return {
    style: 'method',
    arity: 2,
    call: ([left, right]) => apply(required(leftKind, left), required(rightKind, right)),
  };
}

function required<T extends ExtensionValue>(kind: Kind<T>, value: Value | undefined): T {
  if (value instanceof kind) return value;
  throw evaluationErrors.type;
}

function fitting<T extends ExtensionValue>(value: T | undefined): T {
  if (value === undefined) throw evaluationErrors.overflow;
  return value;
}
