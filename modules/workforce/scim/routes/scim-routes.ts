import type { JsonObject } from '@proofline/kernel';
import {
  createScimUser,
  handle,
  listScimResourceTypes,
  listScimSchemas,
  listScimUsers,
  patchScimUser,
  ProblemError,
  readScimConfig,
  readScimResourceType,
  readScimSchema,
  readScimUser,
  removeScimUser,
  replaceScimUser,
  type Call,
  type MountedRoute,
  type Reply,
  type Route,
  type ScimUser,
} from '@proofline/protocol';
import { answerRequest, type RequestCounts } from '../commands/answer-request.ts';
import { changePerson, createPerson, findPerson } from '../commands/change-person.ts';
import { listPeople } from '../commands/list-people.ts';
import type { Provisioned } from '../commands/write-person.ts';
import { userShape } from '../domain/attributes.ts';
import { describePerson } from '../domain/describe-person.ts';
import { describeConfig, describeSchemas, resourceTypes } from '../domain/describe-scim.ts';
import { etagOf } from '../domain/etag.ts';
import { listResponse } from '../domain/page.ts';
import { applyPatch } from '../domain/patch.ts';
import { project, type Projection } from '../domain/project.ts';
import type { ScimContext } from '../scim-context.ts';

/** The handlers of `routes/scim.ts`. */
export function scimRoutes(context: ScimContext): MountedRoute[] {
  return [...discoveryRoutes(context), ...userRoutes(context)];
}

/** Binds a handler that counts, and writes down what it refuses. */
function binder(context: ScimContext) {
  const counts: RequestCounts = new Map();
  return <R extends Route & { readonly caller: 'service' }>(
    route: R,
    work: (call: Call<R>) => Promise<Reply<R>>,
  ): MountedRoute =>
    handle(route, (call) => {
      // Every route of a service has both; the compiler loses it in the union.
      const asked = call as unknown as Call<Route & { readonly caller: 'service' }>;
      return answerRequest({ ...context, counts }, asked, () => work(call));
    });
}

function discoveryRoutes(context: ScimContext): MountedRoute[] {
  const { staffOrigin } = context;
  const bind = binder(context);
  const one = (all: readonly (JsonObject & { id: string })[], id: string) => {
    const found = all.find((each) => each.id === id);
    if (!found) throw new ProblemError('scim.unknown');
    return found;
  };
  const types = resourceTypes(staffOrigin);
  const schemas = describeSchemas(staffOrigin);
  return [
    bind(readScimConfig, async () => describeConfig(staffOrigin)),
    bind(listScimResourceTypes, async () => listResponse(types, 1, types.length)),
    bind(readScimResourceType, async ({ params }) => one(types, params.id)),
    bind(listScimSchemas, async () => listResponse(schemas, 1, schemas.length)),
    bind(readScimSchema, async ({ params }) => one(schemas, params.id)),
  ];
}

function userRoutes(context: ScimContext): MountedRoute[] {
  const bind = binder(context);
  const show = (found: Provisioned, query: Projection, http: Call['http']): ScimUser => {
    http.setHeader('etag', etagOf(found.row.version));
    return project(describePerson(found, context.staffOrigin), query, userShape);
  };
  const by = ({
    caller,
    decision,
    http,
  }: Pick<Call<typeof patchScimUser>, 'caller' | 'decision' | 'http'>) => ({
    by: { subjectId: caller.subjectId, decisionEvidenceId: decision.evidenceId },
    ifMatch: http.header('if-match'),
  });
  return [
    bind(listScimUsers, ({ query }) => listPeople(context, query)),
    bind(readScimUser, async ({ http, params, query }) =>
      show(await findPerson(context, context.storage.db, params.id), query, http),
    ),
    bind(createScimUser, async (call) => {
      const found = await createPerson(context, { ...by(call), body: call.body });
      call.http.setHeader(
        'location',
        `${context.staffOrigin}/scim/v2/Users/${found.row.subjectId}`,
      );
      return show(found, call.query, call.http);
    }),
    bind(replaceScimUser, async (call) => {
      const change = { ...by(call), id: call.params.id, next: () => call.body };
      return show(await changePerson(context, change), call.query, call.http);
    }),
    bind(patchScimUser, async (call) => {
      const { Operations } = call.body;
      const next = (before: JsonObject) => applyPatch(before, Operations, userShape);
      const change = { ...by(call), id: call.params.id, next };
      return show(await changePerson(context, change), call.query, call.http);
    }),
    bind(removeScimUser, async (call) => {
      const next = (before: JsonObject) => before;
      await changePerson(context, { ...by(call), id: call.params.id, next, isRemoved: true });
      return undefined;
    }),
  ];
}
