import type { Column, SqlFragment } from './column.ts';
import { RowFilterError } from './row-filter-error.ts';

/** How two scalars are compared in SQL. */
export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** The type of a parameter in SQL. */
export type ParameterType = 'text' | 'bigint';

/** The columns of a predicate; only their SQL matters here. */
export type ColumnSql = Pick<Column, 'sql'>;

/**
 * A predicate over a row, as data. There is no NOT in it: negation is in its leaves. So a NULL, which
 * makes a leaf unknown, can only make the whole untrue, and never slips through.
 */
export type Predicate =
  | { readonly kind: 'true' | 'false' }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Predicate[]; readonly size: number }
  | { readonly kind: 'null' | 'not-null'; readonly column: ColumnSql }
  | { readonly kind: 'flag'; readonly column: ColumnSql; readonly is: boolean }
  | {
      readonly kind: 'compare';
      readonly column: ColumnSql;
      readonly operator: Comparison;
      readonly value: string;
      readonly type: ParameterType;
    }
  | {
      readonly kind: 'compare-columns';
      readonly column: ColumnSql;
      readonly operator: Comparison;
      readonly other: ColumnSql;
    }
  /** Differs, or is NULL. */
  | { readonly kind: 'distinct'; readonly column: ColumnSql; readonly value: string }
  | {
      readonly kind: 'one-of' | 'none-of';
      readonly column: ColumnSql;
      readonly values: readonly string[];
      readonly type: ParameterType;
    }
  | {
      readonly kind: 'like' | 'not-like';
      readonly column: ColumnSql;
      /** Escaped with `!`. */
      readonly pattern: string;
    }
  /** Of arrays: `@>` contains, `<@` is contained in, `&&` overlaps. */
  | {
      readonly kind: 'array';
      readonly column: ColumnSql;
      readonly operator: '@>' | '<@' | '&&';
      readonly values: readonly string[];
      readonly type: ParameterType;
      readonly negated: boolean;
    }
  | { readonly kind: 'empty' | 'not-empty'; readonly column: ColumnSql }
  /** No element of the array is this one; true where the array is NULL. */
  | { readonly kind: 'not-among'; readonly column: ColumnSql; readonly value: string };

/** Parts of a predicate, at most: beyond it, no query should be made. */
const SIZE_MAX = 2000;

/** Every row. */
export const TRUE: Predicate = { kind: 'true' };
/** No row. */
export const FALSE: Predicate = { kind: 'false' };

/** The conjunction, simplified. */
export function allOf(...predicates: readonly Predicate[]): Predicate {
  return combine('and', predicates);
}

/** The disjunction, simplified. */
export function anyOf(...predicates: readonly Predicate[]): Predicate {
  return combine('or', predicates);
}

function combine(kind: 'and' | 'or', predicates: readonly Predicate[]): Predicate {
  const [neutral, absorbing] = kind === 'and' ? [TRUE, FALSE] : [FALSE, TRUE];
  const parts: Predicate[] = [];
  let size = 1;
  for (const predicate of predicates) {
    if (predicate === absorbing) return absorbing;
    if (predicate === neutral) continue;
    const inner = predicate.kind === kind ? predicate.of : [predicate];
    for (const part of inner) {
      if (parts.includes(part)) continue;
      parts.push(part);
      size += sizeOf(part);
    }
  }
  if (size > SIZE_MAX) throw new RowFilterError('too-large', 'the filter would be too large');
  const [first] = parts;
  if (first === undefined) return neutral;
  return parts.length === 1 ? first : { kind, of: parts, size };
}

function sizeOf(predicate: Predicate): number {
  return predicate.kind === 'and' || predicate.kind === 'or' ? predicate.size : 1;
}

/** The texts of a column's SQL around its parameters. */
export function fragmentOf({ sql }: ColumnSql): SqlFragment {
  return typeof sql === 'string' ? { strings: [sql], parameters: [] } : sql;
}
