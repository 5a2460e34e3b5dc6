import type { JsonObject } from '@proofline/kernel';
import {
  listScimResourceTypes,
  listScimSchemas,
  ProblemError,
  readScimConfig,
  readScimResourceType,
  readScimSchema,
  type MountedRoute,
} from '@proofline/protocol';
import { describeConfig, describeSchemas, resourceTypes } from '../domain/describe-scim.ts';
import { listResponse } from '../domain/page.ts';
import type { Bind } from './bind-scim.ts';

/** What is understood here (RFC 7644 §4). */
export function discoveryRoutes(staffOrigin: string, bind: Bind): MountedRoute[] {
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
