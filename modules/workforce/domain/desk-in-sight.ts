import type { Role } from '@proofline/protocol';

/** Whose work is with the people of the whole company. Everybody else sees their own desk. */
const companyWide: ReadonlySet<Role> = new Set(['hr-officer', 'security-admin']);

/**
 * The only desk whose people and invitations a reader sees; `undefined`: every desk's. Policy decides
 * who may read the lists at all; this is the ceiling whatever the policy says.
 */
export function deskInSight(reader: {
  readonly desk: string;
  readonly roles: readonly Role[];
}): string | undefined {
  return reader.roles.some((role) => companyWide.has(role)) ? undefined : reader.desk;
}
