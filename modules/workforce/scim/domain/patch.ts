import type { Json, JsonObject } from '@proofline/kernel';
import { ProblemError, type ScimPatch } from '@proofline/protocol';
import { locate, type AttributePath, type Located } from './attribute-path.ts';
import type { ResourceShape } from './attributes.ts';
import { parseValueFilter, type Filter } from './filter.ts';
import { changeValue, type Change } from './patch-value.ts';

type Operation = ScimPatch['Operations'][number];

/** What an operation is aimed at. */
interface Aim {
  readonly located: Located;
  readonly filter: Filter | undefined;
}

/**
 * A resource after the operations of a PATCH (RFC 7644 §3.5.2), in the manner of Entra and Okta:
 * without a path the value’s members may be dotted or carry a schema’s URI; a value path that meets
 * nothing makes the value that it describes; what is not kept here is passed over, as in a body.
 *
 * @throws ProblemError `scim.path`, `scim.filter`, `scim.target`, `scim.value` or `scim.read-only`
 */
export function applyPatch(
  resource: JsonObject,
  operations: readonly Operation[],
  shape: ResourceShape,
): JsonObject {
  let changed = resource;
  for (const operation of operations) changed = applyOperation(changed, operation, shape);
  return changed;
}

function applyOperation(resource: JsonObject, operation: Operation, shape: ResourceShape) {
  const { op, path } = operation;
  // The body was parsed from JSON.
  const value = operation.value as Json | undefined;
  if (path !== undefined && path.trim() !== '') {
    return applyAt(resource, { op, value, aim: aimOf(path.trim(), shape), shape });
  }
  if (op === 'remove') throw new ProblemError('scim.target', { internal: 'remove without a path' });
  return applyMembers(resource, { op, value, prefix: '', shape });
}

interface Members {
  readonly op: 'add' | 'replace';
  readonly value: Json | undefined;
  /** The URI of the extension whose members these are, and a colon. */
  readonly prefix: string;
  readonly shape: ResourceShape;
}

/** The members of an object as operations of their own. */
function applyMembers(resource: JsonObject, { op, value, prefix, shape }: Members): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProblemError('scim.value', { internal: 'no members' });
  }
  let changed = resource;
  for (const [name, member] of Object.entries(value)) {
    const aim = aimOf(`${prefix}${name}`, shape);
    // Said with every whole resource; they can only be what they are.
    if (prefix === '' && ['id', 'meta', 'schemas', 'groups'].includes(name.toLowerCase())) continue;
    changed = applyAt(changed, { op, value: member, aim, shape });
  }
  return changed;
}

const FILTERED = /^([^[\]]+)\[(.*)\](?:\.([$\w-]+))?$/s;

/** Reads the path of an operation: an attribute, and perhaps a filter in brackets. */
function aimOf(path: string, shape: ResourceShape): Aim {
  const [, name, inside, sub] = FILTERED.exec(path) ?? [];
  if (name === undefined || inside === undefined) {
    const located = locate(path, shape);
    if (located.is === 'malformed') throw new ProblemError('scim.path');
    return { located, filter: undefined };
  }
  const whole = locate(name, shape);
  if (whole.is === 'unknown') return { located: whole, filter: undefined };
  if (whole.is !== 'attribute' || whole.path.sub !== undefined || !whole.path.attribute.multiValued)
    throw new ProblemError('scim.path', { internal: 'a filter on what is no list' });
  const filter = parseValueFilter(inside, whole.path.attribute);
  return { located: sub === undefined ? whole : locate(`${name}.${sub}`, shape), filter };
}

function applyAt(
  resource: JsonObject,
  {
    aim,
    op,
    value,
    shape,
  }: { aim: Aim; op: Operation['op']; value: Json | undefined } & {
    readonly shape: ResourceShape;
  },
): JsonObject {
  const { located, filter } = aim;
  if (located.is === 'unknown' || located.is === 'malformed') return resource;
  if (located.is === 'whole') {
    if (op === 'remove') throw new ProblemError('scim.read-only', { internal: 'a whole schema' });
    const prefix = located.extension === undefined ? '' : `${located.extension}:`;
    return applyMembers(resource, { op, value, prefix, shape });
  }
  refuseReadOnly(located.path);
  return put(resource, located.path, { op, value, filter, sub: located.path.sub });
}

function refuseReadOnly({ attribute, sub }: AttributePath): void {
  if (attribute.mutability === 'readOnly' || sub?.mutability === 'readOnly')
    throw new ProblemError('scim.read-only', { internal: attribute.name });
}

function put(resource: JsonObject, { extension, attribute }: AttributePath, change: Change) {
  const holder = extension === undefined ? resource : objectAt(resource, extension);
  const value = changeValue(holder[attribute.name], attribute, change);
  const { [attribute.name]: _old, ...rest } = holder;
  const changed: JsonObject = value === undefined ? rest : { ...rest, [attribute.name]: value };
  return extension === undefined ? changed : { ...resource, [extension]: changed };
}

function objectAt(resource: JsonObject, name: string): JsonObject {
  const value = resource[name];
  // Of JSON’s values only an object is left once null, scalars and arrays are excluded.
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}
