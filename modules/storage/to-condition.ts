import { sql, type RawBuilder, type SqlBool } from 'kysely';

/** A predicate as the texts around its parameters, to be joined to a query with AND. */
export interface SqlCondition {
  readonly strings: readonly string[];
  readonly parameters: readonly unknown[];
}

/** For a query’s `where`; Kysely numbers the parameters. */
export function toCondition({ strings, parameters }: SqlCondition): RawBuilder<SqlBool> {
  return sql<SqlBool>(Object.assign([...strings], { raw: strings }), ...parameters);
}
