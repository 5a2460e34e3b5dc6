/** SQL as the texts around its parameters: one more text than parameters. */
export interface SqlFragment {
  readonly strings: readonly string[];
  readonly parameters: readonly SqlParameter[];
}

/** What is passed beside the text of a query. */
export type SqlParameter = string | boolean | readonly string[];

/**
 * The type of a column's values. A `datetime` is whole milliseconds since 1970 and a `duration` whole
 * milliseconds, both as `bigint`; a `decimal` counts ten-thousandths as `bigint`. An entity is the
 * text of its id, and of one type.
 */
export type ScalarType =
  | 'long'
  | 'string'
  | 'datetime'
  | 'duration'
  | 'decimal'
  | { readonly entity: string };

/** Also `boolean`, and arrays of strings, longs or ids for Cedar's sets. */
export type ColumnType = ScalarType | 'boolean' | { readonly set: ScalarType };

/**
 * Where the rows hold an attribute.
 *
 * Texts must be `text` or `varchar` in a deterministic collation (every one is, unless it was made
 * with `deterministic = false`; then write `name COLLATE "C"`), and numbers `smallint`, `integer` or
 * `bigint`: of `numeric` and `double precision`, NaN is above every number. A `timestamptz` becomes a
 * `datetime` by `(extract(epoch from at) * 1000)::bigint`, whatever the time zone of the connection.
 */
export interface Column {
  /** An SQL expression: `"calls"."desk"`, or a fragment with parameters of its own. */
  readonly sql: string | SqlFragment;
  readonly type: ColumnType;
  /** Whether it may be NULL, which means that the attribute is absent. */
  readonly nullable: boolean;
  /**
   * For an entity: the columns that hold its ancestors, by their type, NULL for none, an array for
   * several; `none` for a type that never stands above it, or for all types.
   */
  readonly ancestors?: 'none' | Readonly<Record<string, AncestorColumn>>;
}

/** A column of ids of ancestors, or the one that every row has because the query asks for no other. */
export type AncestorColumn =
  | 'none'
  | { readonly always: string }
  | (Pick<Column, 'sql' | 'nullable'> & { readonly isArray?: boolean });

/**
 * Columns by path, as a policy writes it: `resource` (the id of the row), `resource.desk`,
 * `context.interaction.sameDesk`. A path between is a record that every row has. `absent` says that
 * no row has the attribute.
 */
export type Columns = Readonly<Record<string, Column | 'absent'>>;
