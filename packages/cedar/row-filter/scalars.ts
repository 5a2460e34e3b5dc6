import { Datetime } from '../values/datetime.ts';
import { Decimal } from '../values/decimal.ts';
import { Duration } from '../values/duration.ts';
import { EntityUid, type Value } from '../values/value.ts';
import type { ColumnType, ScalarType } from './column.ts';
import type { ParameterType } from './predicate.ts';

/** Whether this is a value that a column of the type can hold, and how SQL is told of it. */
export function parameterFor(type: ScalarType, value: Value): string | undefined {
  if (typeof type === 'object') {
    return value instanceof EntityUid && value.type === type.entity
      ? storable(value.id)
      : undefined;
  }
  if (type === 'string') return typeof value === 'string' ? storable(value) : undefined;
  if (type === 'long') {
    return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
  }
  if (type === 'datetime') return value instanceof Datetime ? String(value.epochMs) : undefined;
  if (type === 'duration') return value instanceof Duration ? String(value.ms) : undefined;
  return value instanceof Decimal ? String(value.scaled) : undefined;
}

/**
 * PostgreSQL stores no U+0000 and no lone surrogate, so no row holds such a text. A driver would
 * refuse the one and replace the other, by a character that a row may hold.
 */
function storable(text: string): string | undefined {
  return text.includes('\0') || !text.isWellFormed() ? undefined : text;
}

/** Those of the values that a column of the type can hold. */
export function parametersFor(type: ScalarType, values: readonly Value[]): string[] {
  return values.flatMap((value) => parameterFor(type, value) ?? []);
}

/** What PostgreSQL is told that a parameter is. */
export function parameterTypeOf(type: ScalarType): ParameterType {
  return type === 'string' || typeof type === 'object' ? 'text' : 'bigint';
}

/** The type of the column, where its values are neither Booleans nor sets. */
export function scalarOf(type: ColumnType): ScalarType | undefined {
  if (type === 'boolean') return undefined;
  return typeof type === 'object' && 'set' in type ? undefined : type;
}

/** The type of the elements, where the column holds sets. */
export function elementOf(type: ColumnType): ScalarType | undefined {
  return typeof type === 'object' && 'set' in type ? type.set : undefined;
}

/** Whether two columns hold values of one type. */
export function sameType(left: ScalarType, right: ScalarType): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right;
  return left.entity === right.entity;
}
