import type { Role } from '@proofline/protocol';

/**
 * Whose work it is to help with accounts, to lead, or to watch. They are no recovery contacts: a contact
 * is somebody whom the subject chose, outside of the organization that would be asked to help.
 */
const support: readonly Role[] = [
  'hr-officer',
  'security-admin',
  'team-lead',
  'supervisor',
  'auditor',
];

/** Who may prove a colleague in person. */
const officers: readonly Role[] = ['hr-officer', 'security-admin'];

/** Whether somebody in this role may be a recovery contact. */
export function mayBeContact(role: Role): boolean {
  return !support.includes(role);
}

/** Whether somebody in this role may sign for having seen a colleague in person. */
export function isOfficer(role: Role): boolean {
  return officers.includes(role);
}
