import { z } from 'zod';
import { defineRoute } from '../route.ts';
import { caseless, scimGroupShape, ScimMeta, scimUserShape } from '../scim-shapes.ts';

const schemas = z.array(z.string().max(200)).max(10).optional();

/** A person as a directory writes them (RFC 7643 §4.1). */
export const ScimUserBody = caseless({ schemas, ...scimUserShape });
/** A person as a directory writes them. */
export type ScimUserBody = z.output<typeof ScimUserBody>;
/** A group as a directory writes it (RFC 7643 §4.2). */
export const ScimGroupBody = caseless({ schemas, ...scimGroupShape });
/** A group as a directory writes it. */
export type ScimGroupBody = z.output<typeof ScimGroupBody>;

/** Changes to a resource (RFC 7644 §3.5.2). */
export const ScimPatch = caseless({
  schemas,
  Operations: z
    .array(
      caseless(
        {
          op: z.preprocess(
            (value) => (typeof value === 'string' ? value.toLowerCase() : value),
            z.enum(['add', 'replace', 'remove']),
          ),
          path: z.string().max(400).optional(),
          value: z.unknown().optional(),
        },
        // Okta takes a value away so.
        ['value'],
      ),
    )
    .min(1)
    .max(100),
});
/** Changes to a resource. */
export type ScimPatch = z.output<typeof ScimPatch>;

// Whoever asks chooses the attributes, so that none is sure to be there.
const shown = { schemas: z.array(z.string()), id: z.string(), meta: ScimMeta.optional() };
/** A person as the directory reads them. */
export const ScimUser = z.object({
  ...shown,
  ...z.object(scimUserShape).partial().shape,
  groups: z
    .array(z.object({ value: z.string(), display: z.string(), $ref: z.string() }))
    .optional(),
});
/** A person as the directory reads them. */
export type ScimUser = z.output<typeof ScimUser>;
/** A group as the directory reads it. */
export const ScimGroup = z.object({ ...shown, ...z.object(scimGroupShape).partial().shape });
/** A group as the directory reads it. */
export type ScimGroup = z.output<typeof ScimGroup>;

const listOf = <S extends z.ZodType>(resource: S) =>
  z.object({
    schemas: z.array(z.string()),
    totalResults: z.number().int(),
    startIndex: z.number().int(),
    itemsPerPage: z.number().int(),
    Resources: z.array(resource),
  });

// What is no number is told in SCIM's own words, by the handler.
const digits = z.string().max(20).optional();
const names = z.string().max(2_000).optional();
const projection = { attributes: names, excludedAttributes: names };
const page = { filter: z.string().max(1_000).optional(), startIndex: digits, count: digits };

const base = {
  realm: 'workforce',
  caller: 'service',
  resource: { type: 'Provisioning' },
  media: 'application/scim+json',
} as const;
const reading = { ...base, method: 'get', action: 'provisioning:read', status: 200 } as const;
const changing = { ...base, action: 'provisioning:change' } as const;
// Not of the form of an id: what is none is unknown, as any other that is not here.
const params = z.object({ id: z.string().max(100) });
const oneUser = { path: '/scim/v2/Users/{id}', params } as const;

const readProblems = ['scim.unknown', 'request.too-many'] as const;
const listProblems = ['scim.filter', 'scim.value', 'scim.too-many', 'request.too-many'] as const;
const writeProblems = [
  'scim.syntax',
  'scim.value',
  'scim.read-only',
  'scim.taken',
  'scim.not-yours',
  'request.too-many',
  'evidence.unavailable',
] as const;
const changeProblems = [...writeProblems, 'scim.unknown', 'scim.version'] as const;
const patchProblems = [...changeProblems, 'scim.path', 'scim.target', 'scim.filter'] as const;

export const readScimConfig = defineRoute({
  ...reading,
  id: 'scim.config',
  path: '/scim/v2/ServiceProviderConfig',
  summary: 'What of SCIM 2.0 is understood here.',
  reply: z.looseObject({ schemas: z.array(z.string()) }),
  problems: ['request.too-many'],
});

export const listScimResourceTypes = defineRoute({
  ...reading,
  id: 'scim.resource-types',
  path: '/scim/v2/ResourceTypes',
  summary: 'The kinds of resources: people and groups.',
  reply: listOf(z.looseObject({ id: z.string() })),
  problems: ['request.too-many'],
});

export const readScimResourceType = defineRoute({
  ...reading,
  id: 'scim.resource-type',
  path: '/scim/v2/ResourceTypes/{id}',
  params,
  summary: 'One kind of resource.',
  reply: z.looseObject({ id: z.string() }),
  problems: readProblems,
});

export const listScimSchemas = defineRoute({
  ...reading,
  id: 'scim.schemas',
  path: '/scim/v2/Schemas',
  summary: 'The attributes of people and groups.',
  reply: listOf(z.looseObject({ id: z.string() })),
  problems: ['request.too-many'],
});

export const readScimSchema = defineRoute({
  ...reading,
  id: 'scim.schema',
  path: '/scim/v2/Schemas/{id}',
  params,
  summary: 'The attributes of one schema.',
  reply: z.looseObject({ id: z.string() }),
  problems: readProblems,
});

export const listScimUsers = defineRoute({
  ...reading,
  id: 'scim.list-users',
  path: '/scim/v2/Users',
  query: z.object({ ...page, ...projection }),
  summary: 'People that a directory brought in; at most 200 in one answer.',
  reply: listOf(ScimUser),
  problems: listProblems,
});

export const readScimUser = defineRoute({
  ...reading,
  ...oneUser,
  id: 'scim.read-user',
  query: z.object(projection),
  summary: 'A person that a directory brought in.',
  reply: ScimUser,
  problems: readProblems,
});

export const replaceScimUser = defineRoute({
  ...changing,
  ...oneUser,
  id: 'scim.replace-user',
  method: 'put',
  query: z.object(projection),
  summary: 'Say anew who a person is.',
  body: ScimUserBody,
  reply: ScimUser,
  status: 200,
  problems: changeProblems,
});

export const patchScimUser = defineRoute({
  ...changing,
  ...oneUser,
  id: 'scim.patch-user',
  method: 'patch',
  query: z.object(projection),
  summary: 'Change what is said of a person. `active: false` is their departure.',
  body: ScimPatch,
  reply: ScimUser,
  status: 200,
  problems: patchProblems,
});

export const removeScimUser = defineRoute({
  ...changing,
  ...oneUser,
  id: 'scim.remove-user',
  method: 'delete',
  summary: 'A person has left. What they did stays on record.',
  reply: 'empty',
  status: 204,
  problems: changeProblems,
});

const oneGroup = { path: '/scim/v2/Groups/{id}', params } as const;
const groupBodyMaxBytes = 256 * 1024;

export const listScimGroups = defineRoute({
  ...reading,
  id: 'scim.list-groups',
  path: '/scim/v2/Groups',
  query: z.object({ ...page, ...projection }),
  summary: 'Groups of a directory; at most 200 in one answer.',
  reply: listOf(ScimGroup),
  problems: listProblems,
});

export const readScimGroup = defineRoute({
  ...reading,
  ...oneGroup,
  id: 'scim.read-group',
  query: z.object(projection),
  summary: 'A group of a directory.',
  reply: ScimGroup,
  problems: readProblems,
});

export const createScimGroup = defineRoute({
  ...changing,
  id: 'scim.create-group',
  method: 'post',
  path: '/scim/v2/Groups',
  query: z.object(projection),
  summary: 'Make a group known. Configuration says which role it stands for, policy which it may.',
  body: ScimGroupBody,
  bodyMaxBytes: groupBodyMaxBytes,
  reply: ScimGroup,
  status: 201,
  problems: writeProblems,
});

export const replaceScimGroup = defineRoute({
  ...changing,
  ...oneGroup,
  id: 'scim.replace-group',
  method: 'put',
  query: z.object(projection),
  summary: 'Say anew what a group is called and who is in it.',
  body: ScimGroupBody,
  bodyMaxBytes: groupBodyMaxBytes,
  reply: ScimGroup,
  status: 200,
  problems: changeProblems,
});

export const patchScimGroup = defineRoute({
  ...changing,
  ...oneGroup,
  id: 'scim.patch-group',
  method: 'patch',
  query: z.object(projection),
  summary: 'Change who is in a group.',
  body: ScimPatch,
  bodyMaxBytes: groupBodyMaxBytes,
  reply: ScimGroup,
  status: 200,
  problems: patchProblems,
});

export const removeScimGroup = defineRoute({
  ...changing,
  ...oneGroup,
  id: 'scim.remove-group',
  method: 'delete',
  summary: 'Remove a group, and with it the role that it gave.',
  reply: 'empty',
  status: 204,
  problems: changeProblems,
});

export const createScimUser = defineRoute({
  ...changing,
  id: 'scim.create-user',
  method: 'post',
  path: '/scim/v2/Users',
  query: z.object(projection),
  summary: 'Make a person known. They get no account by it: HR invites them.',
  body: ScimUserBody,
  reply: ScimUser,
  status: 201,
  problems: writeProblems,
});
