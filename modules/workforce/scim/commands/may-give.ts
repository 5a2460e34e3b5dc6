import type { Id } from '@proofline/kernel';
import type { Role } from '@proofline/protocol';
import type { Provisioner, ScimContext } from '../scim-context.ts';

/** Of the role that somebody has: whether policy lets provisioning give it. */
export async function mayGive(
  context: ScimContext,
  by: Provisioner,
  subjectId: Id<'stf'> | undefined,
): Promise<ReadonlySet<Role>> {
  const staff = subjectId && (await context.rows.staff.findById(context.storage.db, subjectId));
  return staff?.role === undefined ? new Set() : mayGiveOf(context, by, [staff.role]);
}

/** Which of these roles policy lets provisioning give. */
export async function mayGiveOf(
  context: ScimContext,
  { subjectId }: Provisioner,
  roles: Iterable<Role>,
): Promise<ReadonlySet<Role>> {
  const permitted = new Set<Role>();
  for (const role of new Set(roles)) {
    if (await context.mayGiveRole(subjectId, role)) permitted.add(role);
  }
  return permitted;
}
