import type { Role } from './subjects.ts';

/** Whose work is with the whole company. Everybody else sees their own desk. */
const companyWide: ReadonlySet<Role> = new Set(['analyst', 'hr-officer', 'security-admin']);

/**
 * The only desk whose rows a list shows this reader, besides their own; `undefined`: every desk's.
 * Policy decides which rows; this is the ceiling whatever the policy says, and the database holds it
 * (`Storage.confined`).
 */
export function deskInSight(reader: {
  readonly desk: string;
  readonly roles: readonly Role[];
}): string | undefined {
  return reader.roles.some((role) => companyWide.has(role)) ? undefined : reader.desk;
}
