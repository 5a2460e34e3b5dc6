import type { Frame } from '../authorize/frame.ts';
import { CedarSet, EntityUid, type Value } from '../values/value.ts';
import type { AncestorColumn, Column } from './column.ts';
import type { Reference } from './column-tree.ts';
import { isAmong } from './membership.ts';
import { notExpressible, type Operand } from './operand.ts';
import { allOf, anyOf, FALSE, TRUE, type Predicate } from './predicate.ts';
import { RowFilterError } from './row-filter-error.ts';
import { elementOf, parameterFor, parametersFor } from './scalars.ts';
import { settled, type Truth } from './truth.ts';

/** `left in right`, one of them in the row. */
export function isBelow(left: Operand, right: Operand, frame: Frame): Truth {
  if (left.kind === 'column') {
    if (right.kind === 'column') throw notExpressible('“in” between two columns');
    return right.kind === 'value' ? columnIn(left.reference, right.value) : settled.error;
  }
  if (left.kind !== 'value' || !(left.value instanceof EntityUid) || right.kind !== 'column') {
    return settled.error;
  }
  const above = [left.value, ...(frame.find(left.value)?.ancestors ?? [])];
  return isEntity(right.reference.column)
    ? isAmong(above, right)
    : isAnyAmong(above, right.reference);
}

/** A column in what a policy names: an entity, or a set that holds nothing else. */
function columnIn(reference: Reference, value: Value): Truth {
  const targets = value instanceof CedarSet ? value.elements : [value];
  const uids = targets.filter((target) => target instanceof EntityUid);
  return uids.length === targets.length && isEntity(reference.column)
    ? columnBelow(reference, uids)
    : settled.error;
}

/** Whether one of these is in the set that a column holds. */
function isAnyAmong(uids: readonly EntityUid[], reference: Reference): Truth {
  const elements = elementOf(reference.column.type);
  if (elements === undefined) return settled.error;
  // Every element would be an error, but an empty set has none.
  if (typeof elements !== 'object') throw notExpressible('“in” a set that is not of entities');
  return overlaps(reference, parametersFor(elements, uids));
}

function overlaps(reference: Reference, values: readonly string[]): Truth {
  const { column, reached, present, missing } = reference;
  if (values.length === 0) return { holds: FALSE, fails: present, errs: missing };
  const test = (negated: boolean): Predicate =>
    allOf(reached, { kind: 'array', column, operator: '&&', values, type: 'text', negated });
  return { holds: test(false), fails: test(true), errs: missing };
}

/** Whether the entity of a column is one of these, or stands below one of them. */
function columnBelow(reference: Reference, uids: readonly EntityUid[]): Truth {
  const { column, reached, present, missing } = reference;
  const tests = uids.map((uid) => belowOne(column, uid));
  return {
    holds: allOf(reached, anyOf(...tests.map(({ holds }) => holds))),
    fails: allOf(present, ...tests.map(({ fails }) => fails)),
    errs: missing,
  };
}

interface Test {
  readonly holds: Predicate;
  readonly fails: Predicate;
}

function belowOne(column: Column, uid: EntityUid): Test {
  const itself = isItself(column, uid);
  const ancestor = ancestorsOf(column, uid.type);
  // Of a type that the hierarchy holds, the id may still be none that can be stored.
  const value = parameterFor({ entity: uid.type }, uid);
  if (ancestor === 'none' || value === undefined) return itself;
  const above = isAncestor(ancestor, value);
  return { holds: anyOf(itself.holds, above.holds), fails: allOf(itself.fails, above.fails) };
}

function isItself(column: Column, uid: EntityUid): Test {
  const { type } = column;
  const value = typeof type === 'object' && 'entity' in type ? parameterFor(type, uid) : undefined;
  if (value === undefined) return { holds: FALSE, fails: TRUE };
  const compare = (operator: '=' | '<>'): Predicate => ({
    kind: 'compare',
    column,
    operator,
    value,
    type: 'text',
  });
  return { holds: compare('='), fails: compare('<>') };
}

function isAncestor(column: Exclude<AncestorColumn, 'none'>, value: string): Test {
  if ('always' in column) {
    const isIt = column.always === value;
    return { holds: isIt ? TRUE : FALSE, fails: isIt ? FALSE : TRUE };
  }
  if (column.isArray === true) {
    const [values, type] = [[value], 'text'] as const;
    return {
      holds: { kind: 'array', column, operator: '@>', values, type, negated: false },
      fails: { kind: 'not-among', column, value },
    };
  }
  return {
    holds: { kind: 'compare', column, operator: '=', value, type: 'text' },
    // No ancestor of the type is no error: it is another one.
    fails: column.nullable
      ? { kind: 'distinct', column, value }
      : { kind: 'compare', column, operator: '<>', value, type: 'text' },
  };
}

function ancestorsOf(column: Column, type: string): AncestorColumn {
  const { ancestors } = column;
  if (ancestors === 'none') return 'none';
  const found = ancestors && Object.hasOwn(ancestors, type) ? ancestors[type] : undefined;
  if (found !== undefined) return found;
  const message = `a policy asks whether a row is in a ${type}, which no ancestor column answers`;
  throw new RowFilterError('no-column', message);
}

function isEntity({ type }: Column): boolean {
  return typeof type === 'object' && 'entity' in type;
}
