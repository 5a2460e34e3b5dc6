import { column, type Columns } from '@proofline/decisions';
import type { Id } from '@proofline/kernel';

interface Reader {
  readonly subjectId: Id<'stf'>;
  readonly desk: string;
}

/**
 * What the table says of a call, as policies ask: the same facts that the module gives to a decision
 * about one call (`facts-providers.ts`), for this reader.
 */
export function callColumns(reader: Reader): Columns {
  return {
    resource: column.id('"interactions"."interaction_id"', 'Interaction'),
    ...factsOfCall('"interactions"', reader),
  };
}

/** The same of a case, with its call where it is of one. */
export function caseColumns(reader: Reader): Columns {
  return {
    resource: column.id('"cases"."case_id"', 'Case'),
    'context.caseFile.type': column.text('"cases"."case_type"'),
    'context.caseFile.open': column.is('"cases"."state"', 'open'),
    'context.caseFile.ofNoCall': column.flag('"cases"."interaction_id" IS NULL'),
    'context.interaction': column.there('"call"."interaction_id"'),
    ...factsOfCall('"call"', reader),
  };
}

/** None of these columns is NULL where there is a call. */
function factsOfCall(table: string, reader: Reader): Columns {
  return {
    'context.interaction.state': column.text(`${table}."state"`),
    'context.interaction.assignedToSubject': column.is(`${table}."agent_id"`, reader.subjectId),
    'context.interaction.sameDesk': column.is(`${table}."desk"`, reader.desk),
    'context.interaction.wrongCodes': column.whole(`${table}."wrong_codes"`),
  };
}
