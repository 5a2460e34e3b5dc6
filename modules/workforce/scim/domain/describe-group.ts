import type { Id } from '@proofline/kernel';
import { scimSchemas, type ScimGroup } from '@proofline/protocol';
import type { GroupRow } from '../store/group-rows.ts';
import { etagOf } from './etag.ts';

/** A group with the people in it. */
export interface GroupWithMembers {
  readonly group: GroupRow;
  readonly members: readonly Id<'stf'>[];
}

/** A group as a directory reads it. */
export function describeGroup({ group, members }: GroupWithMembers, origin: string): ScimGroup {
  const { changedAt, createdAt, externalId, groupId, name, version } = group;
  return {
    schemas: [scimSchemas.group],
    id: groupId,
    displayName: name,
    ...(externalId !== undefined && { externalId }),
    members: members.map((value) => ({ value, type: 'User' })),
    meta: {
      resourceType: 'Group',
      created: createdAt.toISOString(),
      lastModified: changedAt.toISOString(),
      location: `${origin}/scim/v2/Groups/${groupId}`,
      version: etagOf(version),
    },
  };
}
