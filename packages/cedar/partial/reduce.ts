import type { Frame } from '../authorize/frame.ts';
import { constantOf } from '../compile/constants.ts';
import { operations } from '../compile/operations.ts';
import { EvaluationError, type EvaluationErrorCode } from '../evaluation-error.ts';
import type { BinaryOperator, Expression } from '../policy/expression.ts';
import { compilePattern, type PatternMatcher } from '../values/pattern.ts';
import { EntityUid, isRecord, type CedarRecord, type Value } from '../values/value.ts';
import type { Residual } from './residual.ts';

/** What a policy is partially evaluated with. */
export interface Known {
  /** Its resource has the right type and no meaning beyond that. */
  readonly frame: Frame;
  /** Names of the context that are unknown as a whole. */
  readonly unknownContext: ReadonlySet<string>;
  /** How many more branches of an `if` an operation may be carried into. */
  branches: number;
}

type Of<K extends Expression['kind']> = Expression & { readonly kind: K };
type Reducers = { readonly [K in Expression['kind']]: (one: Of<K>, known: Known) => Residual };

/**
 * Fills in what is known. Exact: for every row, the residual has the value that the expression has,
 * and errs where the expression errs, though the code of the error may be another one.
 */
export function reduce(expression: Expression, known: Known): Residual {
  // The table has a reducer of exactly this kind; TypeScript cannot correlate the two.
  const reducer = reducers[expression.kind] as (one: Expression, known: Known) => Residual;
  return reducer(expression, known);
}

const reducers: Reducers = {
  literal: ({ value }) => valueOf(value),
  variable: ({ name }, { frame, unknownContext }) => {
    if (name === 'resource') return { kind: 'unknown', root: 'resource', path: [] };
    if (name === 'context' && unknownContext.size > 0) {
      return { kind: 'unknown', root: 'context', path: [] };
    }
    return valueOf(frame[name]);
  },
  slot: () => errorOf('slot'),
  not: ({ operand }, known) => negated(reduce(operand, known)),
  negate: ({ operand }, known) => {
    const reduced = reduce(operand, known);
    if (reduced.kind === 'error') return reduced;
    if (reduced.kind !== 'value') return { kind: 'other', what: 'arithmetic' };
    return attempt(() => operations.negate(reduced.value));
  },
  'is-empty': ({ operand }, known) => {
    const reduced = reduce(operand, known);
    if (reduced.kind === 'error') return reduced;
    if (reduced.kind !== 'value') return { kind: 'is-empty', operand: reduced };
    return attempt(() => operations.isEmpty(reduced.value));
  },
  and: ({ left, right }, known) => {
    const first = asBool(reduce(left, known));
    if (first.kind === 'error' || isValue(first, false)) return first;
    return both(first, () => reduce(right, known));
  },
  or: ({ left, right }, known) => {
    const first = asBool(reduce(left, known));
    if (first.kind === 'error' || isValue(first, true)) return first;
    const second = asBool(reduce(right, known));
    if (first.kind === 'value' && isBoolean(second)) return second;
    return { kind: 'or', left: first, right: second };
  },
  if: ({ condition, then, otherwise }, known) => {
    const reduced = asBool(reduce(condition, known));
    if (reduced.kind === 'error') return reduced;
    if (reduced.kind === 'value') {
      return reduce(reduced.value === true ? then : otherwise, known);
    }
    return {
      kind: 'if',
      condition: reduced,
      yes: reduce(then, known),
      no: reduce(otherwise, known),
    };
  },
  binary: ({ operator, left, right }, known) =>
    binary(operator, [reduce(left, known), reduce(right, known)], known),
  attribute: ({ of, name }, known) => attributeOf(reduce(of, known), name, known),
  has: ({ of, path }, known) => hasPath(reduce(of, known), path, known),
  like: (one, known) => {
    const of = reduce(one.of, known);
    if (of.kind === 'error') return of;
    if (of.kind !== 'value') return { kind: 'like', of, pattern: one.pattern };
    return typeof of.value === 'string' ? valueOf(matcherOf(one)(of.value)) : errorOf('type');
  },
  is: ({ of, entityType, in: above }, known) => {
    const entity = reduce(of, known);
    const is = isOfType(entity, entityType, known);
    if (above === undefined || is.kind === 'error' || isValue(is, false)) return is;
    return both(is, () => binary('in', [entity, reduce(above, known)], known));
  },
  set: (one, known) =>
    constant(one) ?? collected(reduceAll(one.elements, known), 'set', operations.makeSet),
  record: ({ members }, known) =>
    collected(
      reduceAll(
        members.map(([, value]) => value),
        known,
      ),
      'record',
      (values) => operations.makeRecord(members.map(([name], index) => [name, values[index]])),
    ),
  call: (one, known) => {
    const fixed = constant(one);
    if (fixed !== undefined) return fixed;
    const operands = reduceAll(one.arguments, known);
    const error = operands.find(({ kind }) => kind === 'error');
    if (error !== undefined) return error;
    const values = settledValues(operands);
    if (values === undefined) return { kind: 'call', name: one.name, operands };
    return attempt(() => operations.callExtension(one.name, values));
  },
};

/** Makes a residual of what is an operand of both `&&` and an implicit conjunction. */
export function both(first: Residual, makeSecond: () => Residual): Residual {
  const second = asBool(makeSecond());
  if (first.kind === 'value' && isBoolean(second)) return second;
  return { kind: 'and', left: first, right: second };
}

/** `!operand`. */
export function negated(operand: Residual): Residual {
  const reduced = asBool(operand);
  if (reduced.kind === 'value') return valueOf(reduced.value !== true);
  return reduced.kind === 'error' ? reduced : { kind: 'not', operand: reduced };
}

/** A value that is no Boolean where one must stand is an error; what is unknown stays so. */
export function asBool(residual: Residual): Residual {
  return residual.kind === 'value' && typeof residual.value !== 'boolean'
    ? errorOf('type')
    : residual;
}

/** Whether a residual is an error or a Boolean whatever the row; an unknown may be of any type. */
function isBoolean(residual: Residual): boolean {
  const { kind } = residual;
  return kind !== 'unknown' && kind !== 'if' && kind !== 'other' && kind !== 'call';
}

/** `(if c then a else b) == x` is `if c then a == x else b == x`. */
function intoBranches(
  { condition, yes, no }: Residual & { readonly kind: 'if' },
  known: Known,
  apply: (branch: Residual) => Residual,
): Residual {
  known.branches -= 2;
  if (known.branches < 0) return { kind: 'other', what: 'so many branches' };
  return { kind: 'if', condition, yes: apply(yes), no: apply(no) };
}

/** Both operands are always evaluated, so that the error of one is the error of the whole. */
export function binary(
  operator: BinaryOperator,
  [left, right]: readonly [Residual, Residual],
  known: Known,
): Residual {
  if (left.kind === 'error') return left;
  if (right.kind === 'error') return right;
  if (left.kind === 'if') {
    return intoBranches(left, known, (branch) => binary(operator, [branch, right], known));
  }
  if (right.kind === 'if') {
    return intoBranches(right, known, (branch) => binary(operator, [left, branch], known));
  }
  if (left.kind !== 'value' || right.kind !== 'value') {
    return { kind: 'binary', operator, left, right };
  }
  if (looksUp.has(operator) && isUnknownRow(left.value, known)) return anotherRow;
  return attempt(() => operators[operator](left.value, right.value, known.frame));
}

const operators: Readonly<
  Record<BinaryOperator, (left: Value, right: Value, frame: Frame) => Value>
> = {
  '==': (left, right) => operations.valuesEqual(left, right),
  '!=': (left, right) => !operations.valuesEqual(left, right),
  '<': (left, right) => operations.isLess(left, right),
  '<=': (left, right) => operations.isLessOrEqual(left, right),
  '>': (left, right) => operations.isGreater(left, right),
  '>=': (left, right) => operations.isGreaterOrEqual(left, right),
  '+': (left, right) => operations.add(left, right),
  '-': (left, right) => operations.subtract(left, right),
  '*': (left, right) => operations.multiply(left, right),
  in: (left, right, frame) => operations.isIn(frame, left, right),
  contains: (left, right) => operations.contains(left, right),
  containsAll: (left, right) => operations.containsAll(left, right),
  containsAny: (left, right) => operations.containsAny(left, right),
  getTag: (left, right, frame) => operations.getTag(frame, left, right),
  hasTag: (left, right, frame) => operations.hasTag(frame, left, right),
};

function attributeOf(of: Residual, name: string, known: Known): Residual {
  if (of.kind === 'error') return of;
  if (of.kind === 'unknown') {
    if (isWholeContext(of) && !known.unknownContext.has(name)) {
      return memberOf(known.frame.context, name);
    }
    return { ...of, path: [...of.path, name] };
  }
  if (of.kind !== 'value') return { kind: 'other', what: 'an attribute of something computed' };
  if (isRecord(of.value)) return memberOf(of.value, name);
  if (!(of.value instanceof EntityUid)) return errorOf('type');
  const entity = known.frame.find(of.value);
  if (isUnknownRow(of.value, known)) return anotherRow;
  return entity === undefined ? errorOf('entity-missing') : memberOf(entity.attributes, name);
}

const looksUp: ReadonlySet<BinaryOperator> = new Set(['in', 'getTag', 'hasTag']);

const anotherRow: Residual = { kind: 'other', what: 'another row, named by a policy,' };

/**
 * An entity of the rows’ own type that nothing is known of here may be known where a row is decided
 * on, so that “it does not exist” would be a guess.
 */
function isUnknownRow(value: Value, { frame }: Known): boolean {
  return (
    value instanceof EntityUid &&
    value.type === frame.resource.type &&
    frame.find(value) === undefined
  );
}

function memberOf(record: CedarRecord, name: string): Residual {
  const value = operations.ownMember(record, name);
  return value === undefined ? errorOf('attribute-missing') : valueOf(value);
}

/** `x has a.b.c` is `x has a && x.a has b && x.a.b has c` (Cedar RFC 62). */
function hasPath(of: Residual, path: readonly string[], known: Known): Residual {
  const [name = '', ...rest] = path;
  const has = hasOne(of, name, known);
  if (rest.length === 0 || has.kind === 'error' || isValue(has, false)) return has;
  return both(has, () => hasPath(attributeOf(of, name, known), rest, known));
}

function hasOne(of: Residual, name: string, known: Known): Residual {
  if (of.kind === 'error') return of;
  if (of.kind === 'unknown') {
    if (isWholeContext(of) && !known.unknownContext.has(name)) {
      return valueOf(operations.ownMember(known.frame.context, name) !== undefined);
    }
    return { kind: 'has', of, name };
  }
  if (of.kind !== 'value') return { kind: 'has', of, name };
  if (isUnknownRow(of.value, known)) return anotherRow;
  return attempt(
    () => operations.ownMember(operations.membersOf(known.frame, of.value), name) !== undefined,
  );
}

function isWholeContext(of: Residual & { readonly kind: 'unknown' }): boolean {
  return of.root === 'context' && of.path.length === 0;
}

function isOfType(of: Residual, entityType: string, { frame }: Known): Residual {
  if (of.kind === 'error') return of;
  if (of.kind === 'value') return attempt(() => operations.isOfType(of.value, entityType));
  // Of the resource, the type is what is known.
  if (of.kind === 'unknown' && of.root === 'resource' && of.path.length === 0) {
    return valueOf(frame.resource.type === entityType);
  }
  return { kind: 'is', of, entityType };
}

function reduceAll(expressions: readonly Expression[], known: Known): Residual[] {
  return expressions.map((expression) => reduce(expression, known));
}

function collected(
  reduced: readonly Residual[],
  what: 'set' | 'record',
  make: (values: readonly Value[]) => Value,
): Residual {
  const error = reduced.find(({ kind }) => kind === 'error');
  if (error !== undefined) return error;
  const values = settledValues(reduced);
  return values === undefined ? { kind: 'other', what } : valueOf(make(values));
}

function settledValues(residuals: readonly Residual[]): Value[] | undefined {
  const values: Value[] = [];
  for (const residual of residuals) {
    if (residual.kind !== 'value') return undefined;
    values.push(residual.value);
  }
  return values;
}

/** Sets of literals and extension values are made once: an expression never changes. */
const constants = new WeakMap<Expression, Residual>();
const notConstant = new WeakSet<Expression>();

function constant(expression: Expression): Residual | undefined {
  const known = constants.get(expression);
  if (known !== undefined || notConstant.has(expression)) return known;
  const made = constantOf(expression);
  if (made === undefined) notConstant.add(expression);
  else constants.set(expression, made);
  return made;
}

const matchers = new WeakMap<Expression, PatternMatcher>();

function matcherOf(like: Of<'like'>): PatternMatcher {
  let matcher = matchers.get(like);
  if (matcher === undefined) matchers.set(like, (matcher = compilePattern(like.pattern)));
  return matcher;
}

function attempt(compute: () => Value): Residual {
  try {
    return valueOf(compute());
  } catch (error) {
    if (error instanceof EvaluationError) return errorOf(error.code);
    throw error;
  }
}

function isValue(residual: Residual, value: boolean): boolean {
  return residual.kind === 'value' && residual.value === value;
}

function valueOf(value: Value): Residual {
  return { kind: 'value', value };
}

function errorOf(code: EvaluationErrorCode): Residual {
  return { kind: 'error', code };
}
