import { z } from 'zod';
import type { Mapping, OperationMapping } from './mapping.ts';

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;

const Parameter = z.looseObject({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().default(false),
  schema: z.record(z.string(), z.unknown()).default({}),
});
const Operation = z.looseObject({
  operationId: z.string(),
  parameters: z.array(Parameter).default([]),
  requestBody: z
    .looseObject({
      content: z.record(z.string(), z.looseObject({ schema: z.record(z.string(), z.unknown()) })),
    })
    .optional(),
});

/** The parts of an OpenAPI 3.1 description that the gateway reads. */
const Description = z.looseObject({
  openapi: z.string().regex(/^3\.1\./, 'must be OpenAPI 3.1'),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** An operation that the gateway lets through, if the decision does. */
export interface GuardedOperation {
  readonly operationId: string;
  readonly method: Uppercase<(typeof methods)[number]>;
  /** `/customers/{accountNumber}/refunds` as segments. */
  readonly segments: readonly string[];
  readonly resourceType: string;
  readonly resourceParameter: string;
  readonly pathParameters: Readonly<Record<string, z.ZodType>>;
  readonly query: z.ZodType;
  readonly body: z.ZodType | undefined;
  readonly mapping: OperationMapping;
}

type Json = Record<string, unknown>;
const depthMax = 32;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lookUp(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#/')) throw new Error(`cannot follow the reference ${reference}`);
  let value = root;
  for (const part of reference.slice(2).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  if (value === undefined) throw new Error(`the reference ${reference} names nothing`);
  return value;
}

/** Replaces every `$ref` by what it names. */
function inline(root: unknown, value: unknown, depth = 0): unknown {
  if (depth > depthMax) throw new Error('the description is nested more deeply than is read here');
  if (Array.isArray(value)) return value.map((item) => inline(root, item, depth + 1));
  if (!isObject(value)) return value;
  if (typeof value['$ref'] === 'string') {
    return inline(root, lookUp(root, value['$ref']), depth + 1);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, inline(root, member, depth + 1)]),
  );
}

/** Objects take the members that they name and no others, whatever the description leaves open. */
function close(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(close);
  if (!isObject(value)) return value;
  const closed = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, close(member)]),
  );
  return value['type'] === 'object' ? { ...closed, additionalProperties: false } : closed;
}

function schemaOf(value: unknown): z.ZodType {
  // Checked by zod itself, which throws for what is no JSON Schema.
  return z.fromJSONSchema(close(value) as Parameters<typeof z.fromJSONSchema>[0]);
}

/** Query parameters arrive as text; each may come once. */
function querySchema(parameters: readonly z.infer<typeof Parameter>[]): z.ZodType {
  const shape: Record<string, z.ZodType> = {};
  for (const { name, required, schema } of parameters.filter((one) => one.in === 'query')) {
    const one = schema['type'] === 'string' ? schemaOf(schema) : z.string().max(200);
    shape[name] = required ? one : one.optional();
  }
  return z.strictObject(shape);
}

function readOperation(found: {
  readonly path: string;
  readonly method: (typeof methods)[number];
  readonly operation: z.infer<typeof Operation>;
  readonly mapping: Mapping;
  readonly operationMapping: OperationMapping;
}): GuardedOperation {
  const { path, operation, mapping } = found;
  const inPath = operation.parameters.filter((one) => one.in === 'path');
  const resourceParameter = mapping.resource.parameter;
  if (!inPath.some((one) => one.name === resourceParameter)) {
    throw new Error(`${operation.operationId} has no path parameter ${resourceParameter}`);
  }
  const content = operation.requestBody?.content;
  const json = content?.['application/json'];
  if (content && !json) throw new Error(`${operation.operationId} does not take application/json`);
  return {
    operationId: operation.operationId,
    // An upper-cased member of `methods`.
    method: found.method.toUpperCase() as GuardedOperation['method'],
    segments: path.split('/').slice(1),
    resourceType: mapping.resource.type,
    resourceParameter,
    pathParameters: Object.fromEntries(inPath.map((one) => [one.name, schemaOf(one.schema)])),
    query: querySchema(operation.parameters),
    body: json && schemaOf(json.schema),
    mapping: found.operationMapping,
  };
}

/**
 * The operations that both the guarded system describes and the mapping names. What only one of
 * them knows does not exist here; a mapped operation that is not described stops the start.
 *
 * @throws Error with a sentence for whoever wrote the mapping.
 */
export function readOperations(description: unknown, mapping: Mapping): GuardedOperation[] {
  const inlined = inline(description, description);
  const { paths } = Description.parse(inlined);
  const operations: GuardedOperation[] = [];
  for (const [path, item] of Object.entries(paths)) {
    const shared = z.array(Parameter).parse(item['parameters'] ?? []);
    for (const method of methods) {
      if (item[method] === undefined) continue;
      const operation = Operation.parse(item[method]);
      const id = operation.operationId;
      const operationMapping = Object.hasOwn(mapping.operations, id)
        ? mapping.operations[id]
        : undefined;
      if (!operationMapping) continue;
      const parameters = [...shared, ...operation.parameters];
      operations.push(
        readOperation({
          path,
          method,
          mapping,
          operationMapping,
          operation: { ...operation, parameters },
        }),
      );
    }
  }
  const missing = Object.keys(mapping.operations).filter(
    (id) => !operations.some((operation) => operation.operationId === id),
  );
  if (missing.length > 0) {
    throw new Error(`the description has no operation ${missing.join(', ')}`);
  }
  return operations;
}
