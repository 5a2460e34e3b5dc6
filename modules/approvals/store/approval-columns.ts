import { column, type Columns } from '@proofline/decisions';

/**
 * What the table says of an approval, as policies ask: the same facts that the module gives to a
 * decision about one (`approval-request-facts.ts`), for this reader.
 */
export function approvalColumns(reader: {
  readonly subjectId: string;
  readonly desk: string;
  readonly at: Date;
}): Columns {
  // One that was used has a verdict, so it is not open either.
  const open = column.isAfter(
    '"approvals"."verdict" IS NULL AND "approvals"."expires_at"',
    reader.at,
  );
  return {
    resource: column.id('"approvals"."approval_id"', 'Approval'),
    'context.approvalRequest.open': open,
    'context.approvalRequest.requestedBySubject': column.is(
      '"approvals"."requested_by"',
      reader.subjectId,
    ),
    'context.approvalRequest.sameDesk': column.is('"approvals"."desk"', reader.desk),
  };
}
