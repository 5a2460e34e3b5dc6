import { ProblemError } from '@proofline/protocol';
import { userShape } from '../domain/attributes.ts';
import { describePerson } from '../domain/describe-person.ts';
import { parseFilter, type Filter } from '../domain/filter.ts';
import { matches } from '../domain/matches.ts';
import { listResponse, readPage } from '../domain/page.ts';
import { project, type Projection } from '../domain/project.ts';
import type { ScimContext } from '../scim-context.ts';
import type { PersonRow } from '../store/people-rows.ts';

/** So many are looked through for a filter that no index answers. */
const SCANNED_MAX = 5_000;

export interface ListQuery extends Projection {
  readonly filter?: string | undefined;
  readonly startIndex?: string | undefined;
  readonly count?: string | undefined;
}

/** People that a directory brought in. @throws ProblemError `scim.filter`, `scim.value`, `scim.too-many` */
export async function listPeople(context: ScimContext, query: ListQuery) {
  const { db } = context.storage;
  const { people } = context.scim;
  const page = readPage(query);
  const shown = (found: readonly ReturnType<typeof describePerson>[]) =>
    found.map((one) => project(one, query, userShape));
  if (query.filter === undefined) {
    const rows = await people.list(db, { offset: page.startIndex - 1, limit: page.count });
    const resources = shown(await describeAll(context, rows));
    return listResponse(resources, page.startIndex, await people.count(db));
  }
  const filter = parseFilter(query.filter, userShape);
  const by = keyIn(filter);
  const rows = await people.list(db, { by, offset: 0, limit: SCANNED_MAX + 1 });
  if (rows.length > SCANNED_MAX) throw new ProblemError('scim.too-many');
  const met = (await describeAll(context, rows)).filter((one) => matches(filter, one));
  const start = page.startIndex - 1;
  const resources = shown(met.slice(start, start + page.count));
  return listResponse(resources, page.startIndex, met.length);
}

async function describeAll(context: ScimContext, rows: readonly PersonRow[]) {
  const ids = rows.map(({ subjectId }) => subjectId);
  const staff = await context.rows.staff.findMany(context.storage.db, ids);
  const groups = await context.scim.groups.groupsOf(context.storage.db, ids);
  return rows.flatMap((row) => {
    const person = staff.get(row.subjectId);
    return person
      ? [
          describePerson(
            { row, staff: person, groups: groups.get(row.subjectId) },
            context.staffOrigin,
          ),
        ]
      : [];
  });
}

/** What an index answers: directories ask for one user name or one id of their own, all the time. */
function keyIn(filter: Filter) {
  const part = filter.is === 'and' ? filter.parts[0] : filter;
  if (part?.is !== 'comparison' || part.operator !== 'eq' || typeof part.value !== 'string') {
    return undefined;
  }
  const { attribute, extension } = part.path;
  if (extension !== undefined) return undefined;
  if (attribute.name === 'userName') return { userName: part.value };
  return attribute.name === 'externalId' ? { externalId: part.value } : undefined;
}
