import type { JsonObject } from '@proofline/kernel';
import {
  createScimGroup,
  listScimGroups,
  patchScimGroup,
  readScimGroup,
  removeScimGroup,
  replaceScimGroup,
  type HttpExchange,
  type MountedRoute,
  type ScimGroup,
} from '@proofline/protocol';
import { changeGroup, createGroup, findGroup, removeGroup } from '../commands/change-group.ts';
import { listGroups } from '../commands/list-groups.ts';
import { groupShape } from '../domain/attributes.ts';
import { describeGroup, type GroupWithMembers } from '../domain/describe-group.ts';
import { etagOf } from '../domain/etag.ts';
import { applyPatch } from '../domain/patch.ts';
import { project, type Projection } from '../domain/project.ts';
import type { ScimContext } from '../scim-context.ts';
import { askedBy, type Bind } from './bind-scim.ts';

/** The handlers of `/scim/v2/Groups`. */
export function groupRoutes(context: ScimContext, bind: Bind): MountedRoute[] {
  const { staffOrigin } = context;
  const show = (
    found: GroupWithMembers,
    { http, query }: { readonly http: HttpExchange; readonly query: Projection },
  ): ScimGroup => {
    http.setHeader('etag', etagOf(found.group.version));
    return project(describeGroup(found, staffOrigin), query, groupShape);
  };
  return [
    bind(listScimGroups, ({ query }) => listGroups(context, query)),
    bind(readScimGroup, async (call) =>
      show(await findGroup(context, context.storage.db, call.params.id), call),
    ),
    bind(createScimGroup, async (call) => {
      const found = await createGroup(context, { ...askedBy(call), body: call.body });
      call.http.setHeader('location', `${staffOrigin}/scim/v2/Groups/${found.group.groupId}`);
      return show(found, call);
    }),
    bind(replaceScimGroup, async (call) => {
      const change = { ...askedBy(call), id: call.params.id, next: () => call.body };
      return show(await changeGroup(context, change), call);
    }),
    bind(patchScimGroup, async (call) => {
      const { Operations } = call.body;
      const next = (before: JsonObject) => applyPatch(before, Operations, groupShape);
      return show(await changeGroup(context, { ...askedBy(call), id: call.params.id, next }), call);
    }),
    bind(removeScimGroup, async (call) => {
      await removeGroup(context, { ...askedBy(call), id: call.params.id });
      return undefined;
    }),
  ];
}
