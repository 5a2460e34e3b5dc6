import type { Role } from '@proofline/protocol';

/** Which role a group stands for, by the group’s name; the first of the configuration goes first. */
export type GroupRoles = Readonly<Record<string, Role>>;

/** The role that a group of this name stands for. */
export function roleOfGroup(roles: GroupRoles, name: string): Role | undefined {
  const wanted = name.normalize('NFC').toLowerCase();
  return Object.entries(roles).find(([one]) => one.normalize('NFC').toLowerCase() === wanted)?.[1];
}

/** What becomes of somebody’s role. */
export type RoleChange = { readonly give: Role } | { readonly withdraw: Role } | undefined;

/**
 * What the groups that somebody is in make of their role. Only among roles that policy lets a
 * directory give: who has another one keeps it, whatever group they come to or leave.
 */
export function roleChange({
  role,
  groups,
  left,
  roles,
  permitted,
}: {
  /** What they have now; `undefined`: it was withdrawn. */
  readonly role: Role | undefined;
  /** Names of the groups that they are in now. */
  readonly groups: readonly string[];
  /** Names of the groups that they have just left. */
  readonly left: readonly string[];
  readonly roles: GroupRoles;
  readonly permitted: ReadonlySet<Role>;
}): RoleChange {
  if (role !== undefined && !permitted.has(role)) return undefined;
  const meant = groups.map((name) => roleOfGroup(roles, name)).filter((one) => one !== undefined);
  const given = Object.values(roles).find((one) => meant.includes(one) && permitted.has(one));
  if (given !== undefined) return given === role ? undefined : { give: given };
  const lost = left.map((name) => roleOfGroup(roles, name));
  return role !== undefined && lost.includes(role) ? { withdraw: role } : undefined;
}
