import { problems, routes } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeApi } from './openapi.ts';

const Operation = z.object({
  operationId: z.string(),
  summary: z.string().min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(
    z.object({
      name: z.string(),
      in: z.enum(['path', 'query']),
      required: z.boolean(),
      schema: z.looseObject({}),
    }),
  ),
  requestBody: z.looseObject({ required: z.boolean() }).optional(),
  responses: z.record(
    z.string().regex(/^[2-5]\d\d$/),
    z.looseObject({ description: z.string().min(1) }),
  ),
});
const Description = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string() }).loose(),
  paths: z.record(z.string().startsWith('/'), z.record(z.string(), Operation)),
  components: z.object({
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.string() })),
  }),
});

const origins = { workforce: 'http://staff.localhost', customers: 'http://customers.localhost' };
const description = Description.parse(describeApi(routes, origins));
const operationOf = (route: (typeof routes)[number]) =>
  description.paths[route.path]?.[route.method];

describe('the OpenAPI description', () => {
  it('is JSON: nothing in it is lost on the wire', () => {
    const whole = describeApi(routes, origins);
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  });

  it('holds every route once, under an id of its own', () => {
    const ids = Object.values(description.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(ids.sort()).toEqual(routes.map(({ id }) => id).sort());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(40);
  });

  it.each(routes)('declares the path’s parameters of $id, and no others', (route) => {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
    const declared = operationOf(route)?.parameters.filter((one) => one.in === 'path') ?? [];
    expect(declared.map(({ name }) => name).sort()).toEqual(inPath.sort());
    for (const { required } of declared) expect(required).toBe(true);
  });

  it('asks for a body wherever a route reads one, but where none is read as an empty one', () => {
    const withBody = routes.filter(({ body }) => body !== undefined);
    const optional = withBody.filter((route) => operationOf(route)?.requestBody?.required !== true);
    expect(withBody.length).toBeGreaterThan(30);
    expect(optional.map(({ id }) => id)).toEqual(['decisions.cancel-access-request']);
  });

  it.each(routes)('lists every problem of $id, also those that share a status', (route) => {
    for (const code of route.problems) {
      const response = operationOf(route)?.responses[problems[code].status];
      expect(response?.description).toContain(`\`${code}\``);
    }
  });

  it('says how each caller proves itself, by schemes that it declares', () => {
    const declared = Object.keys(description.components.securitySchemes);
    for (const route of routes) {
      const used = operationOf(route)?.security.flatMap((one) => Object.keys(one)) ?? [];
      // A directory has a choice: most can prove no possession of a key.
      const ways = route.path.startsWith('/scim/') ? 2 : 1;
      expect(used).toHaveLength(route.caller === 'anyone' ? 0 : ways);
      for (const scheme of used) expect(declared).toContain(scheme);
    }
  });
});
