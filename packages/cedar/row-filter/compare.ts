import { isRecord, type Value } from '../values/value.ts';
import type { ScalarType } from './column.ts';
import type { Reference } from './column-tree.ts';
import { errsOf, hasValue, notExpressible, type Operand } from './operand.ts';
import { allOf, anyOf, FALSE, type Comparison, type Predicate } from './predicate.ts';
import { elementOf, parameterFor, parameterTypeOf, sameType, scalarOf } from './scalars.ts';
import { equalsSet } from './membership.ts';
import { same, settled, type Truth } from './truth.ts';

/** `left == right`: values of different types are unequal, which is no error. */
export function compareEqual(left: Operand, right: Operand): Truth {
  if (left.kind === 'truth' && right.kind === 'truth') return same(left.truth, right.truth);
  if (left.kind === 'column' && right.kind === 'column') {
    return equalColumns(left.reference, right.reference);
  }
  if (left.kind === 'column' && right.kind === 'value') return equals(left.reference, right.value);
  if (left.kind === 'value' && right.kind === 'column') return equals(right.reference, left.value);
  if (mayBeRecord(left) && mayBeRecord(right)) throw notExpressible('the equality of records');
  return unequal(left, right);
}

function mayBeRecord(operand: Operand): boolean {
  return operand.kind === 'record' || (operand.kind === 'value' && isRecord(operand.value));
}

/** Of different types: unequal wherever both can be computed. */
function unequal(left: Operand, right: Operand): Truth {
  return {
    holds: FALSE,
    fails: allOf(anyOf(...hasValue(left)), anyOf(...hasValue(right))),
    errs: anyOf(errsOf(left), errsOf(right)),
  };
}

function equals(reference: Reference, value: Value): Truth {
  const { column, present, missing } = reference;
  if (elementOf(column.type) !== undefined) return equalsSet(reference, value);
  const type = scalarOf(column.type);
  const parameter = type && parameterFor(type, value);
  if (type === undefined || parameter === undefined) {
    return { holds: FALSE, fails: present, errs: missing };
  }
  return withValue(reference, { operator: '=', opposite: '<>' }, { type, parameter });
}

interface Operators {
  readonly operator: Comparison;
  /** What holds where the operator does not. */
  readonly opposite: Comparison;
}

function withValue(
  { column, reached, missing }: Reference,
  { operator, opposite }: Operators,
  { type, parameter }: { readonly type: ScalarType; readonly parameter: string },
): Truth {
  const compare = (by: Comparison): Predicate => ({
    kind: 'compare',
    column,
    operator: by,
    value: parameter,
    type: parameterTypeOf(type),
  });
  return {
    holds: allOf(reached, compare(operator)),
    fails: allOf(reached, compare(opposite)),
    errs: missing,
  };
}

function equalColumns(left: Reference, right: Reference): Truth {
  const [one, other] = [scalarOf(left.column.type), scalarOf(right.column.type)];
  if (one !== undefined && other !== undefined) {
    return sameType(one, other)
      ? withColumn(left, right, { operator: '=', opposite: '<>' })
      : unequal({ kind: 'column', reference: left }, { kind: 'column', reference: right });
  }
  if (one === undefined && other === undefined) throw notExpressible('the equality of two sets');
  return unequal({ kind: 'column', reference: left }, { kind: 'column', reference: right });
}

function withColumn(left: Reference, right: Reference, operators: Operators): Truth {
  const compare = (by: Comparison): Predicate =>
    allOf(left.reached, right.reached, {
      kind: 'compare-columns',
      column: left.column,
      operator: by,
      other: right.column,
    });
  return {
    holds: compare(operators.operator),
    fails: compare(operators.opposite),
    errs: anyOf(left.missing, right.missing),
  };
}

type Order = '<' | '<=' | '>' | '>=';

const opposites = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;
const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** What Cedar’s own operators order; decimals have methods. */
const ordered: readonly ScalarType[] = ['long', 'datetime', 'duration'];

/** `left < right` and its kin. Whatever is not of one of the types, or of two types, errs. */
export function compareOrder(
  {
    operator,
    types = ordered,
  }: { readonly operator: Order; readonly types?: readonly ScalarType[] },
  left: Operand,
  right: Operand,
): Truth {
  if (left.kind === 'column' && right.kind === 'value') {
    return orderValue(operator, left.reference, { value: right.value, types });
  }
  if (left.kind === 'value' && right.kind === 'column') {
    return orderValue(mirrored[operator], right.reference, { value: left.value, types });
  }
  if (left.kind !== 'column' || right.kind !== 'column') return settled.error;
  const [one, other] = [left.reference.column.type, right.reference.column.type];
  if (one !== other || !types.some((type) => type === one)) return settled.error;
  return withColumn(left.reference, right.reference, { operator, opposite: opposites[operator] });
}

function orderValue(
  operator: Order,
  reference: Reference,
  { value, types }: { readonly value: Value; readonly types: readonly ScalarType[] },
): Truth {
  const type = scalarOf(reference.column.type);
  if (type === undefined || !types.includes(type)) return settled.error;
  const parameter = parameterFor(type, value);
  if (parameter === undefined) return settled.error;
  return withValue(reference, { operator, opposite: opposites[operator] }, { type, parameter });
}
