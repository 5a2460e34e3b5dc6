import type { JsonObject } from '@proofline/kernel';
import { scimSchemas, type ScimUser } from '@proofline/protocol';
import type { StaffRow } from '../../store/staff-rows.ts';
import type { GroupRow } from '../store/group-rows.ts';
import type { PersonRow } from '../store/people-rows.ts';
import { etagOf } from './etag.ts';

/** `active`, as far as a directory is concerned: whether they have left. */
export const describeState = ({ state }: Pick<StaffRow, 'state'>): { active: boolean } => ({
  active: state !== 'left',
});

/** A person as a directory reads them. */
export function describePerson(
  {
    row,
    staff,
    groups = [],
  }: {
    readonly row: PersonRow;
    readonly staff: Pick<StaffRow, 'state'>;
    readonly groups?: readonly GroupRow[] | undefined;
  },
  origin: string,
): ScimUser & JsonObject {
  const { subjectId, resource } = row;
  return {
    schemas: [scimSchemas.user, scimSchemas.enterprise],
    id: subjectId,
    ...resource,
    ...describeState(staff),
    ...(groups.length > 0 && {
      groups: groups.map(({ groupId, name }) => ({
        value: groupId,
        display: name,
        $ref: `${origin}/scim/v2/Groups/${groupId}`,
      })),
    }),
    meta: {
      resourceType: 'User',
      created: row.createdAt.toISOString(),
      lastModified: row.changedAt.toISOString(),
      location: `${origin}/scim/v2/Users/${subjectId}`,
      version: etagOf(row.version),
    },
  };
}
