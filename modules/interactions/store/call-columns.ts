import type { Column, Columns, SqlFragment } from '@proofline/cedar';
import type { Id } from '@proofline/kernel';
import { qualifiedType } from '@proofline/policy';

/**
 * What the table says of a call, as policies ask: the same facts that the module gives to a decision
 * about one call (`facts-providers.ts`), for this reader.
 */
export function callColumns(reader: {
  readonly subjectId: Id<'stf'>;
  readonly desk: string;
}): Columns {
  return {
    resource: {
      sql: '"interactions"."interaction_id"',
      type: { entity: qualifiedType('Interaction') },
      nullable: false,
      ancestors: 'none',
    },
    'context.interaction.state': {
      sql: '"interactions"."state"',
      type: 'string',
      nullable: false,
    },
    'context.interaction.assignedToSubject': isEqual('"interactions"."agent_id"', reader.subjectId),
    'context.interaction.sameDesk': isEqual('"interactions"."desk"', reader.desk),
  };
}

/** Both columns are NOT NULL. */
function isEqual(column: string, value: string): Column {
  const sql: SqlFragment = { strings: [`${column} = `, '::text'], parameters: [value] };
  return { sql, type: 'boolean', nullable: false };
}
