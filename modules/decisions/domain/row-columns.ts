import { writeFragment, type Column, type Columns, type RowFilter } from '@proofline/cedar';
import { qualifiedType } from '@proofline/policy';
import type { SqlCondition } from '@proofline/storage';

export type { Columns };

/** The columns of a list as policies ask for them: names are texts like `"calls"."desk"`. */
export const column = {
  /** The id of the row, of a type that stands below no other. */
  id: (sql: string, type: string): Column => ({
    sql,
    type: { entity: qualifiedType(type) },
    nullable: false,
    ancestors: 'none',
  }),
  /** The id of a colleague. What stands above it is not in the table, so policies cannot ask for it. */
  staffId: (sql: string): Column => ({
    sql,
    type: { entity: qualifiedType('Staff') },
    nullable: false,
  }),
  text: (sql: string): Column => ({ sql, type: 'string', nullable: false }),
  whole: (sql: string): Column => ({ sql, type: 'long', nullable: false }),
  flag: (sql: string): Column => ({ sql, type: 'boolean', nullable: false }),
  /** Not NULL where there is such a record at all; its members are columns of their own. */
  there: (sql: string): Column => ({ sql, type: 'string', nullable: true }),
  /** Whether a text that is not NULL is this one. */
  is: (sql: string, value: string): Column => ({
    sql: { strings: [`${sql} = `, '::text'], parameters: [value] },
    type: 'boolean',
    nullable: false,
  }),
  /** Whether a point in time that is not NULL comes after this one. */
  isAfter: (sql: string, at: Date): Column => ({
    sql: { strings: [`${sql} > `, '::timestamptz'], parameters: [at.toISOString()] },
    type: 'boolean',
    nullable: false,
  }),
} as const;

/** What a list adds to its query with AND; `undefined`: every row may be seen. */
export function conditionOf(filter: RowFilter): SqlCondition | undefined {
  if (filter.kind === 'all') return undefined;
  return filter.kind === 'none'
    ? { strings: ['false'], parameters: [] }
    : writeFragment(filter.where);
}
