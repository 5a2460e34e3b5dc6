import { CedarInputError, type InputPath } from '../input-error.ts';
import {
  checkActions,
  checkEntityType,
  checkParents,
  refuseTag,
} from '../schema/check-entities.ts';
import { convertByType } from '../schema/convert-by-type.ts';
import { generateConverter } from '../schema/generate-converter.ts';
import { objectAt, type JsonObject } from '../schema/json-members.ts';
import { makeRecord } from '../values/record-prototype.ts';
import { isActionType, type EntityType, type Schema } from '../schema/schema.ts';
import { readValue } from '../values/read-value.ts';
import type { CedarRecord, EntityUid, Value } from '../values/value.ts';
import type { EntityData } from './create-entity-store.ts';
import { readEntityUid } from './read-entity-uid.ts';

/** What entities are read by. */
export interface ReadEntitiesOptions {
  /** Without a schema, references and extension values need their escapes, and nothing is checked. */
  readonly schema?: Schema;
}

/** So many entities, and so many parents of them all together, are read at once. */
const MAX_ENTITIES = 100_000;
const MAX_PARENTS = 1_000_000;

const nothing = makeRecord([]);

/**
 * Reads entities from JSON (`[{uid, attrs, parents, tags?}]`), as Cedar does. With a schema they are
 * checked against it, and actions among them are left out after that: `actionEntities` of the schema
 * go into the store anyway. Throws a `CedarInputError` whose path starts with the entity's index.
 */
export function readEntities(json: unknown, options: ReadEntitiesOptions = {}): EntityData[] {
  if (!Array.isArray(json)) throw new CedarInputError('malformed', 'the entities must be a list');
  if (json.length > MAX_ENTITIES) {
    throw new CedarInputError('too-large', `there are more than ${MAX_ENTITIES} entities`);
  }
  let parents = 0;
  const entities = json.map((entity: unknown, index) => {
    const data = readEntity(entity, options.schema, [index]);
    parents += data.parents.length;
    if (parents > MAX_PARENTS) {
      throw new CedarInputError('too-large', `the entities have more than ${MAX_PARENTS} parents`);
    }
    return data;
  });
  if (options.schema === undefined) return entities;
  checkActions(options.schema, entities);
  return entities.filter(({ uid }) => !isActionType(uid.type));
}

function readEntity(json: unknown, schema: Schema | undefined, path: InputPath): EntityData {
  const object = Array.isArray(json) ? fromList(json, path) : objectAt(json, path);
  const uid = readEntityUid(object['uid'], [...path, 'uid']);
  const entity = { uid, parents: readParents(object['parents'], uid, [...path, 'parents']) };
  if (schema === undefined || isActionType(uid.type)) {
    return {
      ...entity,
      attributes: readUntyped(object['attrs'], [...path, 'attrs']),
      tags: object['tags'] === undefined ? nothing : readUntyped(object['tags'], [...path, 'tags']),
    };
  }
  const entityType = checkEntityType(schema, uid, [...path, 'uid']);
  const at = [...path, 'attrs'];
  const attributes = generateConverter(entityType.attributes)(objectAt(object['attrs'], at), at);
  const data = { ...entity, attributes, tags: readTags(object, entityType, [...path, 'tags']) };
  checkParents(schema, data, [...path, 'parents']);
  return data;
}

/** Cedar's reader takes a list for an object with the members in their order. */
function fromList(json: readonly unknown[], path: InputPath): JsonObject {
  const [uid, attrs, parents, tags] = json;
  if (json.length === 3 || json.length === 4) return { uid, attrs, parents, tags };
  throw new CedarInputError('malformed', 'this must be an object', path);
}

function readParents(json: unknown, uid: EntityUid, path: InputPath): EntityUid[] {
  if (!Array.isArray(json)) throw new CedarInputError('malformed', 'this must be a list', path);
  if (json.length > MAX_PARENTS) throw new CedarInputError('too-large', 'too many parents', path);
  return json.map((member: unknown, index) => {
    const parent = readEntityUid(member, [...path, index]);
    if (isActionType(parent.type) || !isActionType(uid.type)) return parent;
    const message = 'an action can only be in an action';
    throw new CedarInputError('parent-not-allowed', message, [...path, index]);
  });
}

/** Every member is read by itself: at this place, `__entity` is the name of an attribute. */
function readUntyped(json: unknown, path: InputPath): CedarRecord {
  const members = Object.entries(objectAt(json, path));
  return makeRecord(members.map(([name, value]) => [name, readValue(value, [...path, name])]));
}

function readTags({ tags }: JsonObject, entityType: EntityType, path: InputPath): CedarRecord {
  if (tags === undefined) return nothing;
  const type = entityType.tags;
  return makeRecord(
    Object.entries(objectAt(tags, path)).map(([name, value]): [string, Value] => {
      if (type === undefined) throw refuseTag(entityType, [...path, name]);
      return [name, convertByType(value, type, [...path, name])];
    }),
  );
}
