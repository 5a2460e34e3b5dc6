import type { Json, JsonObject } from '@proofline/kernel';
import type { Question } from '../pdp/create-pdp-client.ts';
import { isMap } from './expression/json-values.ts';
import type { Inputs } from './expression/scope.ts';
import { MappingError } from './mapping-error.ts';
import { refuseReserved, type Mapping, type Members, type Sketch } from './read-mapping.ts';
import { resolve } from './template.ts';

/** What the token says and no mapping can: whose decision it is, and within what. */
export interface Anchors {
  /** The subject-identity claim. */
  readonly subjectId: string;
  /** Members of `context` with their value; `undefined`: the token does not say, so nobody does. */
  readonly context: Readonly<Record<string, string | string[] | undefined>>;
}

/** Steps that all expressions of one message may take together. */
const STEPS_MAX = 20_000;

/** The decisions that a message needs, every one of them. @throws MappingError */
export function makeQuestions(
  { shared, asked }: Mapping,
  variables: { readonly params: Json; readonly token: Json },
  anchors: Anchors,
): Question[] {
  const scope: Inputs = { variables, budget: { steps: STEPS_MAX } };
  const subject = subjectOf(asked[0]?.subject ?? shared.subject, scope, anchors);
  return asked.map((sketch) => {
    const action = entityOf('action', { own: sketch, shared }, scope);
    const resource = entityOf('resource', { own: sketch, shared }, scope);
    return {
      subject,
      action: { ...action, name: textOf('action.name', action['name']) },
      resource: {
        ...resource,
        type: textOf('resource.type', resource['type']),
        id: textOf('resource.id', resource['id']),
      },
      context: contextOf(sketch.context ?? shared.context, scope, anchors),
    };
  });
}

/**
 * COAZ-MCP, trust-anchored fields: the id must be that of the token. The profile lets a deployment do
 * without; here it cannot (P4: the party that is authorized does not say who asks).
 */
function subjectOf(members: Members | undefined, scope: Inputs, { subjectId }: Anchors) {
  const made = resolved(members, scope);
  if (made['id'] !== undefined && made['id'] !== subjectId) {
    throw new MappingError("'subject.id' is not that of the token");
  }
  return { ...made, type: textOf('subject.type', made['type'] ?? 'identity'), id: subjectId };
}

/** AuthZEN 1.0 §7.1.1: an entity replaces the shared one; only a name that it leaves out comes from there. */
function entityOf(
  entity: 'action' | 'resource',
  { own, shared }: { readonly own: Sketch; readonly shared: Sketch },
  scope: Inputs,
): JsonObject {
  const [mine, theirs] = [own[entity], shared[entity]];
  if (!mine) return resolved(theirs, scope);
  const names = entity === 'action' ? ['name'] : ['type', 'id'];
  const missing = names.filter((name) => !mine.has(name) && theirs?.has(name));
  // Those that were asked for.
  const fallen = missing.map((name) => [name, theirs!.get(name)!] as const);
  return resolved(new Map([...fallen, ...mine]), scope);
}

function resolved(members: Members | undefined, scope: Inputs): JsonObject {
  if (!members) return {};
  const made = resolve({ kind: 'map', members }, scope);
  // A map makes a map.
  const { properties, ...rest } = made as JsonObject;
  if (properties === undefined) return rest;
  if (!isMap(properties)) throw new MappingError("'properties' is no object");
  return { ...rest, properties };
}

function contextOf(
  template: Sketch['context'],
  scope: Inputs,
  { context: anchored }: Anchors,
): JsonObject {
  const made = template === undefined ? {} : resolve(template, scope);
  const members = made ?? {};
  if (!isMap(members)) throw new MappingError("'context' is no object");
  refuseReserved(Object.keys(members));
  const names = Object.keys(anchored);
  const own = Object.entries(members).filter(([name]) => !names.includes(name));
  const told = Object.entries(anchored).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...own, ...told]);
}

function textOf(name: string, value: Json | undefined): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new MappingError(`'${name}' is no text`);
}
