import { ProblemError } from '@proofline/protocol';
import { groupShape } from '../domain/attributes.ts';
import { describeGroup } from '../domain/describe-group.ts';
import { parseFilter } from '../domain/filter.ts';
import { matches } from '../domain/matches.ts';
import { listResponse, readPage } from '../domain/page.ts';
import { project } from '../domain/project.ts';
import { withoutNothing } from '../domain/person.ts';
import type { ScimContext } from '../scim-context.ts';
import type { ListQuery } from './list-people.ts';

/** So many are looked through. */
const SCANNED_MAX = 500;

/** Groups of a directory. @throws ProblemError `scim.filter`, `scim.value`, `scim.too-many` */
export async function listGroups(context: ScimContext, query: ListQuery) {
  const { db } = context.storage;
  const page = readPage(query);
  const filter = query.filter === undefined ? undefined : parseFilter(query.filter, groupShape);
  const rows = await context.scim.groups.list(db, SCANNED_MAX + 1);
  if (rows.length > SCANNED_MAX) throw new ProblemError('scim.too-many');
  const all = await Promise.all(
    rows.map(async (group) => {
      const members = await context.scim.groups.membersOf(db, group.groupId);
      return describeGroup({ group, members }, context.staffOrigin);
    }),
  );
  const met = filter ? all.filter((one) => matches(filter, withoutNothing(one))) : all;
  const start = page.startIndex - 1;
  const shown = met.slice(start, start + page.count);
  const resources = shown.map((one) => project(one, query, groupShape));
  return listResponse(resources, page.startIndex, met.length);
}
