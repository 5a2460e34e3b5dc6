import { problems, type Route } from '@proofline/protocol';
import { z } from 'zod';
import type { Json, JsonObject } from '@proofline/kernel';

/** The OpenAPI 3.1 description of the contract, made from the routes themselves. */
export function describeApi(
  routes: readonly Route[],
  servers: Readonly<Record<string, string>>,
): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes)
    (paths[route.path] ??= {})[route.method] = operationOf(route, servers);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Proofline',
      version: '0.1.0',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: Object.values(servers).map((url) => ({ url })),
    paths,
    components: {
      securitySchemes: {
        dpop: {
          type: 'http',
          scheme: 'DPoP',
          description: 'RFC 9449: a bound access token and a proof of possession.',
        },
        provisioning: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of a directory’s connection, for SCIM alone.',
        },
        customerCookie: { type: 'apiKey', in: 'cookie', name: '__Host-customer' },
      },
    },
  };
}

function operationOf(route: Route, servers: Readonly<Record<string, string>>): JsonObject {
  return {
    operationId: route.id,
    summary: route.summary,
    servers: [{ url: servers[route.realm] ?? '/' }],
    security: securityOf(route),
    'x-proofline-caller': route.caller,
    'x-proofline-action': route.action ?? null,
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: route.bodyOptional !== true,
            content: { [typeOf(route)]: { schema: schemaOf(route.body, 'input') } },
          },
        }),
    responses: responsesOf(route),
  };
}

const typeOf = ({ media }: Route): string => media ?? 'application/json';

function securityOf(route: Route): Json {
  if (route.caller === 'anyone') return [];
  if (route.caller === 'customer') return [{ customerCookie: [] }];
  return route.path.startsWith('/scim/') ? [{ provisioning: [] }, { dpop: [] }] : [{ dpop: [] }];
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  // zod's own type of a JSON Schema is wider than JSON only in name.
  return rest as JsonObject;
}

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, member]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: member as JsonObject, // as in schemaOf
  }));
}

function responsesOf(route: Route): JsonObject {
  const responses: Record<string, Json> = { [route.status]: successOf(route) };
  // A status stands once in OpenAPI; several problems may share it.
  const byStatus = Map.groupBy(route.problems, (code) => problems[code].status);
  for (const [status, codes] of byStatus) {
    responses[status] = {
      description: codes.map((code) => `\`${code}\` ${problems[code].text}`).join('\n\n'),
      content: { 'application/problem+json': {} },
    };
  }
  return responses;
}

function successOf(route: Route): JsonObject {
  if (route.reply === 'empty') return { description: 'Done.' };
  if (route.reply === 'events')
    return { description: 'Events.', content: { 'text/event-stream': {} } };
  if (route.reply === 'file')
    return { description: 'A file.', content: { 'application/octet-stream': {} } };
  return {
    description: route.summary,
    content: { [typeOf(route)]: { schema: schemaOf(route.reply, 'output') } },
  };
}
