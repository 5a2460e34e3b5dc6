import { roles, type Role } from '@proofline/protocol';

/**
 * Which roles somebody may give when they confirm a new colleague: never their own, never above.
 * Policy decides who may confirm at all; this is the ceiling whatever the policy says.
 */
const assignable: Partial<Record<Role, readonly Role[]>> = {
  'team-lead': ['billing-agent', 'support-agent', 'senior-agent', 'technical-agent'],
  // Leaders, controllers and whoever lifts suspicions are confirmed by security: the fourth pair of eyes,
  // outside the desk.
  'security-admin': [
    'fraud-reviewer',
    'team-lead',
    'supervisor',
    'analyst',
    'hr-officer',
    'auditor',
  ],
};

/** Whether somebody in these roles may give this one. */
export function mayAssign(confirmerRoles: readonly Role[], role: Role): boolean {
  return confirmerRoles.some((own) => assignable[own]?.includes(role) ?? false);
}

/** Every role that somebody in these roles may give: what a form may offer. */
export function assignableRoles(confirmerRoles: readonly Role[]): Role[] {
  return roles.filter((role) => mayAssign(confirmerRoles, role));
}
