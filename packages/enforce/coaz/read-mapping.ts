import type { Json } from '@proofline/kernel';
import { isMap } from './expression/json-values.ts';
import { MappingError } from './mapping-error.ts';
import { readTemplate, type Template } from './template.ts';

/** One entity of a mapping, or the context: what each of its members is made from. */
export type Members = ReadonlyMap<string, Template>;

/** What one decision is asked about; a batch leaves members out that stand at its top. */
export interface Sketch {
  readonly subject?: Members;
  readonly action?: Members;
  readonly resource?: Members;
  readonly context?: Template;
}

/** A mapping that was read: the shared members, and what is asked. */
export interface Mapping {
  readonly shared: Sketch;
  /** One for `evaluation`; for `evaluations` as many as its entries. */
  readonly asked: readonly Sketch[];
}

/** As many decisions may one message need. */
const ENTRIES_MAX = 32;

const entities = {
  subject: ['type', 'id', 'properties'],
  action: ['name', 'properties'],
  resource: ['type', 'id', 'properties'],
} as const;

/**
 * Context that only the enforcement point itself may tell: what it can carry out, and what an approval
 * was given for. A mapping is written by the party that is to be authorized.
 */
const reservedContext: ReadonlySet<string> = new Set([
  'approval',
  'content_digest',
  'obligations_supported',
  'supported_obligations',
]);

/**
 * Reads a mapping (COAZ framework, the mapping): one envelope, `evaluation` or `evaluations`, and
 * within it nothing but what AuthZEN 1.0 knows. All expressions are read too.
 *
 * @throws MappingError
 */
export function readMapping(mapping: Json | undefined): Mapping {
  const [[envelope, body] = ['', undefined], ...others] = Object.entries(recordOf(mapping));
  if (others.length > 0 || (envelope !== 'evaluation' && envelope !== 'evaluations')) {
    throw new MappingError("a mapping is one member, 'evaluation' or 'evaluations'");
  }
  if (envelope === 'evaluation') {
    return { shared: {}, asked: [readSketch(recordOf(body), ['subject', 'action', 'resource'])] };
  }
  const { evaluations, ...top } = recordOf(body);
  if (!Array.isArray(evaluations) || evaluations.length === 0 || evaluations.length > ENTRIES_MAX) {
    throw new MappingError(`'evaluations' holds 1 to ${ENTRIES_MAX} entries`);
  }
  return {
    shared: readSketch(top, ['subject', 'action', 'resource']),
    // No entry has a subject of its own: it would be another identity than was verified.
    asked: evaluations.map((entry: Json) => readSketch(recordOf(entry), ['action', 'resource'])),
  };
}

type Entity = keyof typeof entities;

function readSketch(body: ReturnType<typeof recordOf>, allowed: readonly Entity[]): Sketch {
  const sketch: { -readonly [M in keyof Sketch]: Sketch[M] } = {};
  for (const [name, value] of Object.entries(body)) {
    if (name === 'context') sketch.context = readContext(value ?? null);
    else {
      const entity = allowed.find((one) => one === name);
      if (!entity) throw new MappingError(`'${name}' stands where AuthZEN has no such member`);
      sketch[entity] = readEntity(entity, recordOf(value));
    }
  }
  return sketch;
}

function readEntity(entity: Entity, value: ReturnType<typeof recordOf>): Members {
  const template = readTemplate(value);
  const members = template.kind === 'map' ? template.members : new Map<string, Template>();
  for (const name of members.keys()) {
    if (!entities[entity].some((one) => one === name)) {
      throw new MappingError(`'${entity}.${name}' must stand in 'properties'`);
    }
  }
  return members;
}

function readContext(value: Json): Template {
  const template = readTemplate(value);
  if (template.kind === 'literal' || template.kind === 'list') {
    throw new MappingError("'context' is no object");
  }
  if (template.kind === 'map') refuseReserved(template.members.keys());
  return template;
}

/** @throws MappingError for a member that only the enforcement point may tell */
export function refuseReserved(names: Iterable<string>): void {
  for (const name of names) {
    if (reservedContext.has(name)) throw new MappingError(`'context.${name}' is not for a mapping`);
  }
}

function recordOf(value: Json | undefined) {
  if (!isMap(value)) throw new MappingError('the mapping is not of the form of an AuthZEN request');
  return value;
}
