import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Context } from '../context.ts';
import { deskInSight } from '../domain/desk-in-sight.ts';
import { rolesOf } from '../store/staff-rows.ts';

/** The only desk whose people this colleague sees, as they stand now; `undefined`: every desk's. */
export async function deskSeenBy(
  context: Context,
  subjectId: Id<'stf'>,
): Promise<string | undefined> {
  const row = await context.rows.staff.findById(context.storage.db, subjectId);
  if (!row) throw new ProblemError('access.denied', { internal: 'the reader is not known' });
  return deskInSight({ desk: row.desk, roles: rolesOf(row) });
}
