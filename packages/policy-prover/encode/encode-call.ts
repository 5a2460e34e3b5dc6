import { constantOf, type Expression } from '@proofline/cedar';
import { NotEncodable } from '../not-encodable.ts';
import { and, bits, FALSE, not, or, same, TRUE, type Term } from '../smt/term.ts';
import type { Address, Encoded, Scalar, ScalarType, SymbolicValue } from './symbolic-value.ts';

/** What always is an error. */
export const error: Encoded = { isOk: FALSE };

const DAY_MS = 86_400_000;

/** A constructor of an extension type: only of a text that the policy itself says. */
export function encodeConstructor(
  call: Extract<Expression, { kind: 'call' }>,
): Encoded | undefined {
  if (!['decimal', 'ip', 'datetime', 'duration'].includes(call.name)) return undefined;
  const constant = constantOf(call);
  if (constant === undefined) {
    // Whatever is no text at all is an error; what would be one cannot be read by a solver.
    if (call.arguments.length !== 1) return error;
    throw new NotEncodable(`${call.name}(…) of anything but a text`);
  }
  if (constant.kind === 'error') return error;
  // An extension value says what it is: `decimal 12345`, `ip 4 8 10.0.0.0`.
  const key = (constant.value as { key(): string }).key();
  const [kind = '', ...parts] = key.split(' ');
  if (kind === 'ip') return { isOk: TRUE, value: addressOf(parts) };
  if (kind !== 'decimal' && kind !== 'datetime' && kind !== 'duration') return error;
  return { isOk: TRUE, value: { kind, term: bits(BigInt(parts[0] ?? 0)) } };
}

function addressOf([version, prefix, parts = '']: readonly string[]): Address {
  const width = version === '4' ? 8n : 16n;
  const groups = parts.split('.').map(BigInt);
  const value = groups.reduce((sum, group) => (sum << width) | group, 0n);
  return {
    kind: 'ipaddr',
    isVersion6: version === '6' ? TRUE : FALSE,
    bits: bits(version === '4' ? value << 96n : value, 128),
    prefix: bits(Number(prefix), 8),
  };
}

/** A method of an extension type on values; an error where they are of other types. */
export function encodeMethod(name: string, values: readonly SymbolicValue[]): Encoded {
  const [first, second, ...more] = values;
  if (first === undefined || more.length > 0) return error;
  if (first.kind === 'ipaddr') return encodeAddressMethod(name, first, second);
  if (second === undefined) return encodeUnary(name, first);
  const relation = decimalRelations[name];
  if (relation !== undefined) {
    if (first.kind !== 'decimal' || second.kind !== 'decimal') return error;
    return truth(`(${relation} ${first.term} ${second.term})`);
  }
  if (name === 'offset' && first.kind === 'datetime' && second.kind === 'duration') {
    return overflowing('add', { type: { kind: 'datetime' }, left: first, right: second });
  }
  if (name === 'durationSince' && first.kind === 'datetime' && second.kind === 'datetime') {
    return overflowing('sub', { type: { kind: 'duration' }, left: first, right: second });
  }
  return error;
}

const decimalRelations: Readonly<Record<string, string>> = {
  lessThan: 'bvslt',
  lessThanOrEqual: 'bvsle',
  greaterThan: 'bvsgt',
  greaterThanOrEqual: 'bvsge',
};

const unitsMs: Readonly<Record<string, number>> = {
  toMilliseconds: 1,
  toSeconds: 1_000,
  toMinutes: 60_000,
  toHours: 3_600_000,
  toDays: DAY_MS,
};

function encodeUnary(name: string, value: SymbolicValue): Encoded {
  if (value.kind === 'duration') {
    const unit = unitsMs[name];
    if (unit === undefined) return error;
    // Cut off towards zero, as SMT-LIB divides.
    const term = unit === 1 ? value.term : `(bvsdiv ${value.term} ${bits(unit)})`;
    return { isOk: TRUE, value: { kind: 'long', term } };
  }
  if (value.kind !== 'datetime') return error;
  // The remainder has the sign of the divisor: midnight before, also before 1970.
  const sinceMidnight = `(bvsmod ${value.term} ${bits(DAY_MS)})`;
  if (name === 'toTime') return { isOk: TRUE, value: { kind: 'duration', term: sinceMidnight } };
  if (name !== 'toDate') return error;
  const right: Scalar = { kind: 'duration', term: sinceMidnight };
  return overflowing('sub', { type: { kind: 'datetime' }, left: value, right });
}

/** Arithmetic whose result must fit into 64 bits. */
export function overflowing(
  operator: 'add' | 'sub' | 'mul',
  {
    type,
    left,
    right,
  }: { readonly type: ScalarType; readonly left: Scalar; readonly right: Scalar },
): Encoded {
  const operands = `${left.term} ${right.term}`;
  return {
    isOk: not(`(bvs${operator}o ${operands})`),
    value: { ...type, term: `(bv${operator} ${operands})` },
  };
}

/** A truth value that can always be computed. */
export function truth(term: Term): Encoded {
  return { isOk: TRUE, value: { kind: 'boolean', term } };
}

function encodeAddressMethod(name: string, of: Address, other?: SymbolicValue): Encoded {
  if (name === 'isInRange') {
    return other?.kind === 'ipaddr' ? truth(isInRange(of, other)) : error;
  }
  if (other !== undefined) return error;
  switch (name) {
    case 'isIpv4':
      return truth(not(of.isVersion6));
    case 'isIpv6':
      return truth(of.isVersion6);
    case 'isLoopback':
      return truth(or(isInRange(of, loopback4), isInRange(of, loopback6)));
    case 'isMulticast':
      return truth(or(isInRange(of, multicast4), isInRange(of, multicast6)));
    default:
      return error;
  }
}

const loopback4 = addressOf(['4', '8', '127.0.0.0']);
const loopback6 = addressOf(['6', '128', '0.0.0.0.0.0.0.1']);
const multicast4 = addressOf(['4', '4', '224.0.0.0']);
const multicast6 = addressOf(['6', '8', '65280.0.0.0.0.0.0.0']);

function isInRange(of: Address, range: Address): Term {
  const behind = `(bvsub ${bits(128, 128)} ((_ zero_extend 120) ${range.prefix}))`;
  // Bits shifted out at the right are those behind the prefix; all of them where it is 0.
  const difference = `(bvlshr (bvxor ${of.bits} ${range.bits}) ${behind})`;
  return and(
    same(of.isVersion6, range.isVersion6),
    `(bvule ${range.prefix} ${of.prefix})`,
    same(difference, bits(0, 128)),
  );
}
