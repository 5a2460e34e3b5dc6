import { limits, type JsonObject } from '@proofline/kernel';
import { scimSchemas } from '@proofline/protocol';
import {
  enterpriseSchema,
  groupSchema,
  userSchema,
  type Attribute,
  type Schema,
} from './attributes.ts';

/** What of SCIM 2.0 is understood here (RFC 7643 §5). */
export function describeConfig(origin: string) {
  return {
    schemas: [scimSchemas.config],
    documentationUri: 'https://www.rfc-editor.org/rfc/rfc7644',
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: limits.pageMaxItems },
    // Nobody’s password is known here, so that none can be changed.
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Provisioning token',
        description: 'Made on the security console, good for at most 90 days.',
        primary: true,
      },
      {
        type: 'oauth2',
        name: 'DPoP-bound access token',
        description: 'For a program with a key of its own: private_key_jwt and RFC 9449.',
        primary: false,
      },
    ],
    meta: metaOf('ServiceProviderConfig', `${origin}/scim/v2/ServiceProviderConfig`),
  };
}

const metaOf = (resourceType: string, location: string) => ({ resourceType, location });

/** The kinds of resources (RFC 7643 §6). */
export function resourceTypes(origin: string) {
  const type = (id: string, endpoint: string, schema: Schema) => ({
    schemas: [scimSchemas.resourceType],
    id,
    name: id,
    description: schema.description,
    endpoint,
    schema: schema.id,
    meta: metaOf('ResourceType', `${origin}/scim/v2/ResourceTypes/${id}`),
  });
  return [
    {
      ...type('User', '/Users', userSchema),
      schemaExtensions: [{ schema: enterpriseSchema.id, required: true }],
    },
    type('Group', '/Groups', groupSchema),
  ];
}

/** The schemas (RFC 7643 §7). */
export function describeSchemas(origin: string): (JsonObject & { id: string })[] {
  return [userSchema, enterpriseSchema, groupSchema].map(
    ({ attributes, description, id, name }) => ({
      schemas: [scimSchemas.schema],
      id,
      name,
      description,
      attributes: attributes.map(describeAttribute),
      meta: metaOf('Schema', `${origin}/scim/v2/Schemas/${id}`),
    }),
  );
}

function describeAttribute({ subAttributes, ...attribute }: Attribute): JsonObject {
  return {
    ...attribute,
    ...(subAttributes && { subAttributes: subAttributes.map(describeAttribute) }),
  };
}
