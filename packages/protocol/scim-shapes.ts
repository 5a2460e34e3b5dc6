import { z } from 'zod';

/** URIs that name schemas and messages (RFC 7643 §8.7, RFC 7644 §8.2). */
export const scimSchemas = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  config: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
} as const;

/** At most so many members of a group, and of one answer. */
export const scimMembersMax = 2_000;

/**
 * An object whose member names are read in any case (RFC 7643 §2.1), with `null` as absent (§2.5) and
 * members that the shape does not name left out. A name that stands twice is refused.
 */
export function caseless<S extends z.ZodRawShape>(shape: S, keepsNull: readonly string[] = []) {
  const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  return z.preprocess((value, context) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const known: Record<string, unknown> = {};
    for (const [given, member] of Object.entries(value)) {
      const name = names.get(given.toLowerCase());
      if (name === undefined || (member === null && !keepsNull.includes(name))) continue;
      if (name in known) context.addIssue({ code: 'custom', message: `${name} stands twice` });
      known[name] = member;
    }
    return known;
  }, z.object(shape));
}

/** Entra sends booleans as texts. */
export const scimBoolean = z.preprocess((value) => {
  const text = typeof value === 'string' ? value.toLowerCase() : value;
  return text === 'true' ? true : text === 'false' ? false : value;
}, z.boolean());

const text = z.string().trim().min(1).max(200);
/** An empty text is no value. */
const optionalText = z
  .preprocess((value) => (value === '' ? undefined : value), text.optional())
  .optional();

const Plural = caseless({
  value: text,
  type: text.optional(),
  display: text.optional(),
  primary: scimBoolean.optional(),
});

const Manager = z
  .preprocess(
    (value) => (typeof value === 'string' ? (value === '' ? undefined : { value }) : value),
    caseless({ value: optionalText, displayName: optionalText }).optional(),
  )
  .optional();

/** The members of the enterprise extension (RFC 7643 §4.3). */
const Enterprise = caseless({
  employeeNumber: optionalText,
  costCenter: optionalText,
  organization: optionalText,
  division: optionalText,
  /** The desk. */
  department: optionalText,
  manager: Manager,
});

const Name = caseless({
  formatted: optionalText,
  familyName: optionalText,
  givenName: optionalText,
  middleName: optionalText,
  honorificPrefix: optionalText,
  honorificSuffix: optionalText,
});

/** What a directory says of a person, in our spelling of the names. Nothing that signs in. */
export const scimUserShape = {
  externalId: optionalText,
  userName: text,
  name: Name.optional(),
  displayName: optionalText,
  title: optionalText,
  preferredLanguage: optionalText,
  active: scimBoolean.optional(),
  emails: z.array(Plural).max(10).optional(),
  phoneNumbers: z.array(Plural).max(10).optional(),
  [scimSchemas.enterprise]: Enterprise.optional(),
} as const;

/** What a directory says of a group. */
export const scimGroupShape = {
  externalId: optionalText,
  displayName: text,
  members: z
    .array(caseless({ value: text, display: text.optional(), type: text.optional() }))
    .max(scimMembersMax)
    .optional(),
} as const;

/** What every resource says of itself (RFC 7643 §3.1). */
export const ScimMeta = z.object({
  resourceType: z.string(),
  created: z.string().optional(),
  lastModified: z.string().optional(),
  location: z.string(),
  version: z.string().optional(),
});
