import type { Expression } from '@proofline/cedar';
import { NotEncodable } from '../not-encodable.ts';
import { and, bits, choose, FALSE, implies, not, or, text, TRUE, type Term } from '../smt/term.ts';
import { encodeConstructor, encodeMethod, error, overflowing, truth } from './encode-call.ts';
import { contains, containsAll, containsAny, either, equal, isEmpty, isSet } from './equality.ts';
import { shortened, type Encoded, type Scalar, type SymbolicValue } from './symbolic-value.ts';
import { isIn, type World } from './world.ts';

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;
type Encoders = { readonly [K in Expression['kind']]: (one: Of<K>, world: World) => Encoded };

/** What a condition comes to: whether it can be computed, and then whether it holds. */
export interface EncodedCondition {
  readonly isOk: Term;
  readonly holds: Term;
}

/**
 * Encodes an expression for one kind of request. Every value has one type there, so that what is
 * ill-typed is an error for certain. Throws `NotEncodable`.
 */
export function encodeExpression(expression: Expression, world: World): Encoded {
  // The table has the encoder of each kind under its name, which TypeScript cannot follow.
  const encode = encoders[expression.kind] as (one: Expression, world: World) => Encoded;
  const { isOk, value } = encode(expression, world);
  if (value === undefined || isOk === FALSE) return error;
  return { isOk: world.script.define(isOk, 'Bool'), value: shortened(value, world.script) };
}

/** Encodes what must be true or false: anything else is an error. */
export function encodeCondition(expression: Expression, world: World): EncodedCondition {
  const { isOk, value } = encodeExpression(expression, world);
  return value?.kind === 'boolean' ? { isOk, holds: value.term } : { isOk: FALSE, holds: FALSE };
}

const encoders: Encoders = {
  literal: ({ value }) => ({ isOk: TRUE, value: literal(value) }),
  variable: ({ name }, world) => ({ isOk: TRUE, value: world[name] }),
  slot: () => error,
  not: ({ operand }, world) => {
    const { isOk, holds } = encodeCondition(operand, world);
    return { isOk, value: boolean(not(holds)) };
  },
  negate: ({ operand }, world) =>
    strict([operand], world, ([value]) =>
      value?.kind === 'long'
        ? {
            isOk: not(`(bvnego ${value.term})`),
            value: { kind: 'long', term: `(bvneg ${value.term})` },
          }
        : error,
    ),
  'is-empty': ({ operand }, world) =>
    strict([operand], world, ([set]) => (set && isSet(set) ? truth(isEmpty(set)) : error)),
  and: ({ left, right }, world) => encodeAnd(encodeCondition(left, world), right, world),
  or: ({ left, right }, world) => {
    const first = encodeCondition(left, world);
    if (first.holds === TRUE) return { isOk: first.isOk, value: boolean(TRUE) };
    const second = encodeCondition(right, world);
    return {
      isOk: and(first.isOk, or(first.holds, second.isOk)),
      value: boolean(or(first.holds, second.holds)),
    };
  },
  binary: ({ operator, left, right }, world) =>
    strict([left, right], world, (values) => encodeBinary(operator, values, world)),
  if: (one, world) => encodeIf(one, world),
  attribute: ({ of, name }, world) =>
    strict([of], world, ([value]) => {
      // No entity of a question has attributes: what is known of it stands in the context.
      if (value?.kind !== 'record') return error;
      const member = value.members.get(name);
      if (member === undefined) return error;
      if (member.value.kind === 'opaque') throw new NotEncodable(member.value.what);
      return { isOk: member.isPresent, value: member.value };
    }),
  has: ({ of, path }, world) => strict([of], world, ([value]) => encodeHas(value, path)),
  like: ({ of, pattern }, world) =>
    strict([of], world, ([value]) => {
      if (value?.kind !== 'string') return error;
      world.script.lookInside();
      const pieces = pattern.map((piece) =>
        piece === 'wildcard' ? 're.all' : `(str.to_re ${text(piece.literal)})`,
      );
      const [only = `(str.to_re "")`] = pieces;
      const whole = pieces.length < 2 ? only : `(re.++ ${pieces.join(' ')})`;
      return truth(`(str.in_re ${value.term} ${whole})`);
    }),
  is: (one, world) => encodeIs(one, world),
  set: ({ elements }, world) =>
    strict(elements, world, (values) => ({
      isOk: TRUE,
      value: { kind: 'listed', elements: values },
    })),
  record: ({ members }, world) =>
    strict(
      members.map(([, value]) => value),
      world,
      (values) => ({
        isOk: TRUE,
        value: {
          kind: 'record',
          members: new Map(
            values.map((value, at) => [members[at]?.[0] ?? '', { isPresent: TRUE, value }]),
          ),
        },
      }),
    ),
  call: (one, world) =>
    encodeConstructor(one) ??
    strict(one.arguments, world, (values) => encodeMethod(one.name, values)),
};

function literal(value: Of<'literal'>['value']): Scalar {
  if (typeof value === 'boolean') return { kind: 'boolean', term: value ? TRUE : FALSE };
  if (typeof value === 'string') return { kind: 'string', term: text(value) };
  if (typeof value !== 'object') return { kind: 'long', term: bits(value) };
  return { kind: 'entity', entityType: value.type, term: text(value.id) };
}

function boolean(term: Term): Scalar {
  return { kind: 'boolean', term };
}

/** Operands that are all computed first: where one errs, so does the whole. */
function strict(
  operands: readonly Expression[],
  world: World,
  apply: (values: readonly SymbolicValue[]) => Encoded,
): Encoded {
  const encoded = operands.map((operand) => encodeExpression(operand, world));
  const values = encoded.flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (values.length < operands.length) return error;
  const { isOk, value } = apply(values);
  if (value === undefined) return error;
  return { isOk: and(...encoded.map((one) => one.isOk), isOk), value };
}

/** What stands behind an `&&` that never gets there is not looked at: it may fit to other requests. */
function encodeAnd(first: EncodedCondition, right: Expression, world: World): Encoded {
  if (first.holds === FALSE) return { isOk: first.isOk, value: boolean(FALSE) };
  const second = encodeCondition(right, world);
  return {
    isOk: and(first.isOk, implies(first.holds, second.isOk)),
    value: boolean(and(first.holds, second.holds)),
  };
}

function encodeIf({ condition, then, otherwise }: Of<'if'>, world: World): Encoded {
  const { isOk, holds } = encodeCondition(condition, world);
  if (isOk === FALSE) return error;
  const left = holds === FALSE ? error : encodeExpression(then, world);
  const right = holds === TRUE ? error : encodeExpression(otherwise, world);
  const value =
    left.value && right.value
      ? either(holds, left.value, right.value)
      : (left.value ?? right.value);
  if (value === undefined) return error;
  return { isOk: and(isOk, choose(holds, left.isOk, right.isOk)), value };
}

function encodeHas(of: SymbolicValue | undefined, path: readonly string[]): Encoded {
  const [name, ...rest] = path;
  if (of?.kind === 'entity') return truth(FALSE);
  if (of?.kind !== 'record' || name === undefined) return error;
  const member = of.members.get(name);
  if (member === undefined || member.isPresent === FALSE) return truth(FALSE);
  if (rest.length === 0) return truth(member.isPresent);
  const { isOk, value } = encodeHas(member.value, rest);
  const holds = value?.kind === 'boolean' ? value.term : FALSE;
  return {
    isOk: implies(member.isPresent, isOk),
    value: boolean(and(member.isPresent, holds)),
  };
}

function encodeIs({ of, entityType, in: above }: Of<'is'>, world: World): Encoded {
  return strict([of], world, ([value]) => {
    if (value?.kind !== 'entity') return error;
    if (value.entityType !== entityType) return truth(FALSE);
    if (above === undefined) return truth(TRUE);
    return strict([above], world, ([right]) => encodeIn(value, right, world));
  });
}

function encodeIn(
  left: SymbolicValue | undefined,
  right: SymbolicValue | undefined,
  world: World,
): Encoded {
  if (left?.kind !== 'entity') return error;
  if (right?.kind === 'entity') return truth(isIn(world, left, right));
  if (right?.kind === 'set-of') {
    if (right.element.kind !== 'entity') return encodeInNothing(right);
    throw new NotEncodable('‘in’ a set that is not written out');
  }
  if (right?.kind !== 'listed') return error;
  const entities = right.elements.flatMap((one) => (one.kind === 'entity' ? [one] : []));
  if (entities.length < right.elements.length) return error;
  return truth(or(...entities.map((one) => isIn(world, left, one))));
}

/** Only an empty set of what is no entity can be looked through without an error. */
function encodeInNothing(set: Extract<SymbolicValue, { kind: 'set-of' }>): Encoded {
  return { isOk: isEmpty(set), value: boolean(FALSE) };
}

type Operator = Of<'binary'>['operator'];
type BinaryEncoder = (left: SymbolicValue, right: SymbolicValue, world: World) => Encoded;

const binaryEncoders: Readonly<Record<Operator, BinaryEncoder>> = {
  '==': (left, right) => truth(equal(left, right)),
  '!=': (left, right) => truth(not(equal(left, right))),
  '<': (left, right) => encodeRelation('bvslt', left, right),
  '<=': (left, right) => encodeRelation('bvsle', left, right),
  '>': (left, right) => encodeRelation('bvsgt', left, right),
  '>=': (left, right) => encodeRelation('bvsge', left, right),
  '+': (left, right) => encodeArithmetic('add', left, right),
  '-': (left, right) => encodeArithmetic('sub', left, right),
  '*': (left, right) => encodeArithmetic('mul', left, right),
  in: encodeIn,
  contains: (left, right) => (isSet(left) ? truth(contains(left, right)) : error),
  containsAll: (left, right) =>
    isSet(left) && isSet(right) ? truth(containsAll(left, right)) : error,
  containsAny: (left, right) =>
    isSet(left) && isSet(right) ? truth(containsAny(left, right)) : error,
  // No entity of a question has tags.
  hasTag: (left, right) =>
    left.kind === 'entity' && right.kind === 'string' ? truth(FALSE) : error,
  getTag: () => error,
};

function encodeBinary(
  operator: Operator,
  [left, right]: readonly SymbolicValue[],
  world: World,
): Encoded {
  return left && right ? binaryEncoders[operator](left, right, world) : error;
}

function encodeRelation(relation: string, left: SymbolicValue, right: SymbolicValue): Encoded {
  if (left.kind !== 'long' && left.kind !== 'datetime' && left.kind !== 'duration') return error;
  return left.kind === right.kind ? truth(`(${relation} ${left.term} ${right.term})`) : error;
}

function encodeArithmetic(
  operator: 'add' | 'sub' | 'mul',
  left: SymbolicValue,
  right: SymbolicValue,
): Encoded {
  if (left.kind !== 'long' || right.kind !== 'long') return error;
  return overflowing(operator, { type: { kind: 'long' }, left, right });
}
