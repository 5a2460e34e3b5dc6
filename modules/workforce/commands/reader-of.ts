import { column, conditionOf } from '@proofline/decisions';
import type { Id } from '@proofline/kernel';
import { deskInSight, ProblemError } from '@proofline/protocol';
import type { Db, SqlCondition } from '@proofline/storage';
import type { Context } from '../context.ts';
import { rolesOf } from '../store/staff-rows.ts';

/** A colleague in a session. */
export interface Reading {
  readonly subjectId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
}

/** Which rows somebody sees, and how they are read. */
export interface Sight {
  /** What the list adds to its query; `undefined`: every row may be seen. */
  readonly where: SqlCondition | undefined;
  /** Runs the query; without its condition it would still show no other desk's people. */
  confined<T>(work: (tx: Db) => Promise<T>): Promise<T>;
}

/** Where each list has the id of its rows and the desk of whom they are about. */
const lists = {
  'person:list': {
    resourceType: 'Staff',
    id: column.staffId('"workforce_staff"."subject_id"'),
    desk: '"workforce_staff"."desk"',
  },
  'onboarding:list': {
    resourceType: 'Invitation',
    id: column.id('"workforce_invitations"."invitation_id"', 'Invitation'),
    desk: '"workforce_invitations"."desk"',
  },
} as const;

/** What the policies let somebody see of a list. @throws ProblemError `access.denied` */
export async function sightOf(
  context: Context,
  action: keyof typeof lists,
  { sessionId, subjectId }: Reading,
): Promise<Sight> {
  const row = await context.rows.staff.findById(context.storage.db, subjectId);
  if (!row) throw new ProblemError('access.denied', { internal: 'the reader is not known' });
  const { desk: deskColumn, id, resourceType } = lists[action];
  const filter = await context.rowsPermitted({
    subject: { type: 'Staff', id: subjectId },
    sessionId,
    action,
    resourceType,
    known: ['staff', 'session'],
    columns: {
      resource: id,
      'context.colleague.sameDesk': column.is(deskColumn, row.desk),
    },
  });
  const desk = deskInSight({ desk: row.desk, roles: rolesOf(row) });
  return {
    where: conditionOf(filter),
    confined: (work) => context.storage.confined({ subjectId, desk }, work),
  };
}
