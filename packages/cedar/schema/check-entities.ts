import { closeHierarchy } from '../entities/close-hierarchy.ts';
import type { EntityData } from '../entities/create-entity-store.ts';
import { nameOf } from '../entities/name-of.ts';
import { CedarInputError, type CedarInputErrorCode, type InputPath } from '../input-error.ts';
import type { EntityUid } from '../values/value.ts';
import { checkRecord, checkValue } from './check-value.ts';
import { findAction, isActionType, type EntityType, type Schema } from './schema.ts';

/**
 * Whether entities are as the schema declares them: attributes, tags, ids of enumerations, types of
 * parents; actions must be the schema's own. Throws a `CedarInputError` whose path starts with the
 * index of the entity. For entities that did not come through `readEntities`, which checks as much.
 */
export function checkEntities(schema: Schema, entities: readonly EntityData[]): void {
  for (const [index, entity] of entities.entries()) {
    if (isActionType(entity.uid.type)) continue;
    const entityType = checkEntityType(schema, entity.uid, [index, 'uid']);
    checkRecord(entity.attributes, entityType.attributes, [index, 'attrs']);
    checkTags(entity, entityType, [index, 'tags']);
    checkParents(schema, entity, [index, 'parents']);
  }
  checkActions(schema, entities);
}

/** The declared type of an entity that is no action. */
export function checkEntityType(schema: Schema, uid: EntityUid, path: InputPath): EntityType {
  const entityType = schema.entityTypes.get(uid.type);
  if (entityType === undefined) {
    throw refuse('undeclared', `the schema declares no entity type ${uid.type}`, path);
  }
  checkId(entityType, uid, path);
  return entityType;
}

function checkId({ ids }: EntityType, uid: EntityUid, path: InputPath): void {
  if (ids !== undefined && !ids.has(uid.id)) {
    throw refuse('not-in-enum', `the enumeration ${uid.type} has no such id`, path);
  }
}

function checkTags({ tags }: EntityData, entityType: EntityType, path: InputPath): void {
  for (const [name, value] of Object.entries(tags)) {
    if (value === undefined) continue;
    if (entityType.tags === undefined) throw refuseTag(entityType, [...path, name]);
    checkValue(value, entityType.tags, [...path, name]);
  }
}

/** The error for a tag on an entity whose type has none. */
export function refuseTag({ name }: EntityType, path: InputPath): CedarInputError {
  return refuse('attribute-undeclared', `the schema gives no tags to ${name}`, path);
}

/** Whether the parents of an entity that is no action are of types that may stand above it. */
export function checkParents(schema: Schema, { uid, parents }: EntityData, path: InputPath): void {
  const ancestorTypes = schema.entityTypes.get(uid.type)?.ancestorTypes;
  for (const [index, parent] of parents.entries()) {
    const parentType = schema.entityTypes.get(parent.type);
    if (parentType === undefined || ancestorTypes?.has(parent.type) !== true) {
      const message = `the schema does not let ${uid.type} be in ${parent.type}`;
      throw refuse('parent-not-allowed', message, [...path, index]);
    }
    checkId(parentType, parent, [...path, index]);
  }
}

/**
 * Whether the actions among the entities are the schema's: without attributes and tags, and below
 * the same groups, which Cedar finds among the given entities alone.
 */
export function checkActions(schema: Schema, entities: readonly EntityData[]): void {
  const nodes = entities.flatMap((data, index) =>
    isActionType(data.uid.type) ? [{ uid: data.uid, data, index, ancestors: data.parents }] : [],
  );
  if (nodes.length === 0) return;
  const nodesByType = Map.groupBy(nodes, ({ uid }) => uid.type);
  const nodesById = new Map(
    Array.from(nodesByType, ([type, ofType]) => [
      type,
      new Map(ofType.map((node) => [node.uid.id, node])),
    ]),
  );
  closeHierarchy(nodes, (uid) => nodesById.get(uid.type)?.get(uid.id));
  for (const { uid, data, index, ancestors } of nodes) {
    const action = findAction(schema, uid);
    if (action === undefined) {
      throw refuse('undeclared', `the schema declares no action ${nameOf(uid)}`, [index, 'uid']);
    }
    const given = new Set(ancestors.map(nameOf));
    const isSame =
      isEmpty(data.attributes) &&
      isEmpty(data.tags) &&
      given.size === action.ancestors.length &&
      action.ancestors.every((ancestor) => given.has(nameOf(ancestor)));
    if (!isSame) {
      const message = `the action ${nameOf(uid)} is declared otherwise in the schema; leave it out`;
      throw refuse('action-differs', message, [index]);
    }
  }
}

function isEmpty(record: EntityData['attributes']): boolean {
  return Object.values(record).every((value) => value === undefined);
}

function refuse(code: CedarInputErrorCode, message: string, path: InputPath): CedarInputError {
  return new CedarInputError(code, message, path);
}
