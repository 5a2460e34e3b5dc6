import { routes } from '@proofline/protocol';

const ownTypes: ReadonlySet<string> = new Set([
  'Staff',
  'Service',
  'Account',
  'EmergencyRecord',
  // What a directory asks to give.
  'Role',
  ...routes.flatMap(({ resource }) => (resource ? [resource.type] : [])),
]);

/** Whether a module here owns what is of this type: nobody else is asked about it. */
export function isOwnType(type: string): boolean {
  return ownTypes.has(type);
}
