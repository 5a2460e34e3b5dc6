import { column, type Columns } from '@proofline/decisions';

/** What the table says of an access, as policies ask of rows (`break-glass-request-facts.ts`). */
export function breakGlassColumns(reader: {
  readonly subjectId: string;
  readonly desk: string;
}): Columns {
  return {
    resource: column.id('"break_glass"."break_glass_id"', 'BreakGlass'),
    'context.breakGlassRequest.requestedBySubject': column.is(
      '"break_glass"."requested_by"',
      reader.subjectId,
    ),
    'context.breakGlassRequest.sameDesk': column.is('"break_glass"."desk"', reader.desk),
  };
}
