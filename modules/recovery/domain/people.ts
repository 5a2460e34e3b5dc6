import type { Standing } from './subjects.ts';

/**
 * Whose work it is to help with accounts, to lead, or to watch. They are no recovery contacts: a contact
 * is somebody whom the subject chose, outside of the organization that would be asked to help.
 */
const support: readonly Standing[] = [
  'hr-officer',
  'security-admin',
  'team-lead',
  'supervisor',
  'auditor',
];

/** Who may prove a colleague or a customer in person. */
const officers: readonly Standing[] = ['hr-officer', 'security-admin'];

/** Whether somebody in this role may be a recovery contact. */
export function mayBeContact(role: Standing): boolean {
  return !support.includes(role);
}

/** Whether somebody in this role may sign for having seen somebody in person. */
export function isOfficer(role: Standing): boolean {
  return officers.includes(role);
}
