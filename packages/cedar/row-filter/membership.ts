import { CedarSet, type Value } from '../values/value.ts';
import type { ScalarType } from './column.ts';
import type { Reference } from './column-tree.ts';
import { errsOf, hasValue, notExpressible, type Operand } from './operand.ts';
import { allOf, anyOf, FALSE, type Predicate } from './predicate.ts';
import { elementOf, parametersFor, parameterTypeOf, scalarOf } from './scalars.ts';
import { not, settled, type Truth } from './truth.ts';

/** `set.contains(value)`. */
export function contains(set: Operand, value: Operand): Truth {
  if (set.kind === 'value' && set.value instanceof CedarSet) {
    return isAmong(set.value.elements, value);
  }
  const reference = setColumn(set);
  if (reference === undefined) return settled.error;
  if (value.kind !== 'value') {
    if (value.kind === 'column') throw notExpressible('two columns in “contains”');
    // Of a type that no column of sets holds.
    return present([set, value], FALSE);
  }
  return overArray(reference, '@>', [value.value]);
}

/** `left.containsAll(right)`. */
export function containsAll(left: Operand, right: Operand): Truth {
  return overSets(left, right, { column: '@>', value: '<@' });
}

/** `left.containsAny(right)`. */
export function containsAny(left: Operand, right: Operand): Truth {
  return overSets(left, right, { column: '&&', value: '&&' });
}

/** `set.isEmpty()`. */
export function isEmpty(set: Operand | undefined): Truth {
  const reference = set && setColumn(set);
  if (reference === undefined) return settled.error;
  const { column, reached, missing } = reference;
  return {
    holds: allOf(reached, { kind: 'empty', column }),
    fails: allOf(reached, { kind: 'not-empty', column }),
    errs: missing,
  };
}

/** `column == value` where the column holds sets. */
export function equalsSet(reference: Reference, value: Value): Truth {
  const { present: there, missing } = reference;
  if (!(value instanceof CedarSet)) return { holds: FALSE, fails: there, errs: missing };
  const all = overArray(reference, '@>', value.elements);
  const only = overArray(reference, '<@', value.elements);
  return {
    holds: allOf(all.holds, only.holds),
    fails: anyOf(all.fails, only.fails),
    errs: missing,
  };
}

/** Whether the operand is one of these values. */
export function isAmong(values: readonly Value[], operand: Operand): Truth {
  if (operand.kind === 'truth') {
    const { holds, fails, errs } = operand.truth;
    const [yes, no] = [values.includes(true), values.includes(false)];
    return {
      holds: anyOf(yes ? holds : FALSE, no ? fails : FALSE),
      fails: anyOf(yes ? FALSE : holds, no ? FALSE : fails),
      errs,
    };
  }
  if (operand.kind === 'record') throw notExpressible('the equality of records');
  if (operand.kind === 'value') return settled.error;
  const { column, reached, present: there, missing } = operand.reference;
  const type = scalarOf(column.type);
  if (type === undefined) throw notExpressible('a set of sets');
  return oneOf({ column, reached, there, missing }, type, parametersFor(type, values));
}

function oneOf(
  at: Pick<Reference, 'column' | 'reached' | 'missing'> & { readonly there: Predicate },
  scalar: ScalarType,
  values: readonly string[],
): Truth {
  const { column, reached, there, missing } = at;
  if (values.length === 0) return { holds: FALSE, fails: there, errs: missing };
  const type = parameterTypeOf(scalar);
  return {
    holds: allOf(reached, { kind: 'one-of', column, values, type }),
    fails: allOf(reached, { kind: 'none-of', column, values, type }),
    errs: missing,
  };
}

function overSets(
  left: Operand,
  right: Operand,
  operator: { readonly column: '@>' | '&&'; readonly value: '<@' | '&&' },
): Truth {
  const [one, other] = [setColumn(left), setColumn(right)];
  if (one !== undefined && other !== undefined) throw notExpressible('two columns of sets');
  if (one !== undefined && right.kind === 'value' && right.value instanceof CedarSet) {
    return overArray(one, operator.column, right.value.elements);
  }
  if (other !== undefined && left.kind === 'value' && left.value instanceof CedarSet) {
    return overArray(other, operator.value, left.value.elements);
  }
  return settled.error;
}

/** Values that the column's type cannot hold are in no row: `@>` fails, the others do without. */
function overArray(
  { column, reached, present: there, missing }: Reference,
  operator: '@>' | '<@' | '&&',
  elements: readonly Value[],
): Truth {
  const type = elementOf(column.type);
  if (type === undefined) return settled.error;
  const values = parametersFor(type, elements);
  const never: Truth = { holds: FALSE, fails: there, errs: missing };
  if (operator === '@>' && values.length < elements.length) return never;
  if (operator === '&&' && values.length === 0) return never;
  if (operator === '@>' && values.length === 0) return not(never);
  const test = (negated: boolean): Predicate => ({
    kind: 'array',
    column,
    operator,
    values,
    type: parameterTypeOf(type),
    negated,
  });
  return {
    holds: allOf(reached, test(false)),
    fails: allOf(reached, test(true)),
    errs: missing,
  };
}

function setColumn(operand: Operand): Reference | undefined {
  if (operand.kind !== 'column') return undefined;
  return elementOf(operand.reference.column.type) === undefined ? undefined : operand.reference;
}

function present(operands: readonly Operand[], holds: Predicate): Truth {
  return {
    holds,
    fails: allOf(...operands.map((operand) => anyOf(...hasValue(operand)))),
    errs: anyOf(...operands.map(errsOf)),
  };
}
