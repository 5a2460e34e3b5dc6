import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { ColumnType } from './insert-rows.ts';

/**
 * A condition: the column is one of these. The text is the same however many they are, so that a
 * server reads and plans it once.
 */
export function among(
  column: string,
  type: ColumnType,
  values: readonly (string | number)[],
): RawBuilder<SqlBool> {
  // By way of `text`, as rows are inserted; and unnested, so that the text is read once and not for each row.
  return sql<SqlBool>`${sql.ref(column)} in (select unnest(${[...values]}::text::${sql.raw(type)}[]))`;
}
