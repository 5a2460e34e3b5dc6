import { CedarInputError, type InputPath } from '../input-error.ts';
import { EntityUid } from '../values/value.ts';

/** What names an entity in JSON, its members checked. */
export interface EntityReference {
  readonly type: string;
  readonly id: string;
}

const NAME = /^[_a-zA-Z][_a-zA-Z0-9]*(?:::[_a-zA-Z][_a-zA-Z0-9]*)*$/u;
const RESERVED = /(?:^|::)(?:true|false|if|then|else|in|is|like|has|__cedar)(?:$|::)/u;
const MAX_NAME_LENGTH = 1_000;

/** Whether this is the name of an entity type: identifiers, joined by `::`, none reserved. */
export function isEntityTypeName(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && NAME.test(name) && !RESERVED.test(name);
}

/**
 * The forms of a reference: `{type, id}`, or that under `__entity`. Cedar ignores other members, and
 * an `__entity` that is none; it refuses the old form `__expr`; and since its reader takes a list for
 * an object with the members in their order, `[type, id]` is a form too.
 */
export function findEntityReference(json: unknown): EntityReference | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const outer: { __expr?: unknown; __entity?: unknown } = json;
  if (typeof outer.__expr === 'string') return undefined;
  if (outer.__entity === undefined) return asReference(json);
  return asReference(outer.__entity) ?? asReference(json);
}

function asReference(json: unknown): EntityReference | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  if (Array.isArray(json)) {
    const [type, id] = json as readonly unknown[]; // `any[]`, by the check above.
    const isWhole = json.length === 2 && typeof type === 'string' && typeof id === 'string';
    return isWhole ? { type, id } : undefined;
  }
  return isReference(json) ? json : undefined;
}

function isReference(json: object): json is EntityReference {
  const reference: { type?: unknown; id?: unknown } = json;
  return typeof reference.type === 'string' && typeof reference.id === 'string';
}

/** Reads an entity's uid from JSON; throws a `CedarInputError`. */
export function readEntityUid(json: unknown, path: InputPath = []): EntityUid {
  const reference = findEntityReference(json);
  if (reference === undefined) {
    throw new CedarInputError(
      'malformed',
      'an entity is named by an object with the strings “type” and “id”',
      path,
    );
  }
  if (!isEntityTypeName(reference.type)) {
    throw new CedarInputError('bad-name', 'this is no name of an entity type', path);
  }
  // Half of a surrogate pair is no Unicode, of which Cedar's texts are.
  if (!reference.id.isWellFormed()) {
    throw new CedarInputError('malformed', 'this id is not Unicode', path);
  }
  return new EntityUid(reference.type, reference.id);
}
