import type { JsonObject } from '@proofline/kernel';
import {
  createScimUser,
  listScimUsers,
  patchScimUser,
  readScimUser,
  removeScimUser,
  replaceScimUser,
  type HttpExchange,
  type MountedRoute,
  type ScimUser,
} from '@proofline/protocol';
import { changePerson, createPerson, findPerson } from '../commands/change-person.ts';
import { listPeople } from '../commands/list-people.ts';
import type { Provisioned } from '../commands/write-person.ts';
import { userShape } from '../domain/attributes.ts';
import { describePerson } from '../domain/describe-person.ts';
import { etagOf } from '../domain/etag.ts';
import { applyPatch } from '../domain/patch.ts';
import { project, type Projection } from '../domain/project.ts';
import type { ScimContext } from '../scim-context.ts';
import { askedBy, type Bind } from './bind-scim.ts';

/** The handlers of `/scim/v2/Users`. */
export function userRoutes(context: ScimContext, bind: Bind): MountedRoute[] {
  const show = async (
    found: Provisioned,
    { http, query }: { readonly http: HttpExchange; readonly query: Projection },
  ): Promise<ScimUser> => {
    http.setHeader('etag', etagOf(found.row.version));
    const { subjectId } = found.row;
    const all = await context.scim.groups.groupsOf(context.storage.db, [subjectId]);
    const groups = all.get(subjectId);
    return project(describePerson({ ...found, groups }, context.staffOrigin), query, userShape);
  };
  return [
    bind(listScimUsers, ({ query }) => listPeople(context, query)),
    bind(readScimUser, async (call) =>
      show(await findPerson(context, context.storage.db, call.params.id), call),
    ),
    bind(createScimUser, async (call) => {
      const found = await createPerson(context, { ...askedBy(call), body: call.body });
      call.http.setHeader(
        'location',
        `${context.staffOrigin}/scim/v2/Users/${found.row.subjectId}`,
      );
      return show(found, call);
    }),
    bind(replaceScimUser, async (call) => {
      const change = { ...askedBy(call), id: call.params.id, next: () => call.body };
      return show(await changePerson(context, change), call);
    }),
    bind(patchScimUser, async (call) => {
      const { Operations } = call.body;
      const next = (before: JsonObject) => applyPatch(before, Operations, userShape);
      const change = { ...askedBy(call), id: call.params.id, next };
      return show(await changePerson(context, change), call);
    }),
    bind(removeScimUser, async (call) => {
      const next = (before: JsonObject) => before;
      const { id } = call.params;
      await changePerson(context, { ...askedBy(call), id, next, isRemoved: true });
      return undefined;
    }),
  ];
}
