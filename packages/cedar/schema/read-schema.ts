import { isEntityTypeName, readEntityUid } from '../entities/read-entity-uid.ts';
import { CedarInputError, type InputPath } from '../input-error.ts';
import { EntityUid } from '../values/value.ts';
import { closeUpward } from './close-upward.ts';
import { member, objectAt, stringsAt } from './json-members.ts';
import { TypeReader } from './read-type.ts';
import type { ActionType, CedarType, EntityType, RecordType, Schema } from './schema.ts';

/** More than any schema needs; against one that is made to take all memory. */
const MAX_DECLARATIONS = 20_000;

const EMPTY_RECORD: RecordType = { kind: 'record', attributes: [] };

/**
 * Reads the JSON form of a schema in which every name is qualified, as `schemaToJsonWithResolvedTypes`
 * of cedar-wasm writes it. Throws a `CedarInputError`. That a schema makes sense is for Cedar's own
 * validator to say, at authoring time: here, only what reading relies on is checked.
 */
export function readSchema(json: unknown): Schema {
  const namespaces = Object.entries(objectAt(json, [])).map(([name, definition]) => {
    if (name !== '' && !isEntityTypeName(name)) {
      throw new CedarInputError('bad-name', 'this is no name of a namespace', [name]);
    }
    return readNamespace(name, definition);
  });
  const declarations = namespaces.flatMap(({ entityTypes }) => entityTypes);
  const actions = namespaces.flatMap(({ actions: declared }) => declared);
  if (declarations.length + actions.length > MAX_DECLARATIONS) {
    throw new CedarInputError('too-large', `the schema has more than ${MAX_DECLARATIONS} entries`);
  }
  const types = new TypeReader({
    commonTypes: new Map(namespaces.flatMap(({ commonTypes }) => commonTypes)),
    entityTypes: new Set(declarations.map(({ name }) => name)),
    enumerations: new Map([
      ...declarations.flatMap(({ name, ids }) => (ids === undefined ? [] : [[name, ids] as const])),
      ...actionIds(actions),
    ]),
  });
  return {
    entityTypes: readEntityTypes(declarations, types),
    actions: readActions(actions, types),
  };
}

interface EntityTypeDeclaration {
  readonly name: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly path: InputPath;
  readonly ids?: ReadonlySet<string>;
}

interface ActionDeclaration {
  readonly uid: EntityUid;
  readonly namespace: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly path: InputPath;
}

interface Namespace {
  readonly commonTypes: readonly (readonly [string, { json: unknown; path: InputPath }])[];
  readonly entityTypes: readonly EntityTypeDeclaration[];
  readonly actions: readonly ActionDeclaration[];
}

function readNamespace(namespace: string, json: unknown): Namespace {
  const definition = objectAt(json, [namespace]);
  const qualified = (name: string) => (namespace === '' ? name : `${namespace}::${name}`);
  const declared = (key: string) => {
    const path = [namespace, key];
    const members = member(definition, key);
    return Object.entries(members === undefined ? {} : objectAt(members, path)).map(
      ([name, value]) => ({ name, value, path: [...path, name] }),
    );
  };
  const named = (key: string) =>
    declared(key).map(({ name, value, path }) => {
      if (isEntityTypeName(name) && !name.includes('::')) return { name, value, path };
      throw new CedarInputError('bad-name', 'this is no identifier', path);
    });
  return {
    commonTypes: named('commonTypes').map(({ name, value, path }) => [
      qualified(name),
      { json: value, path },
    ]),
    entityTypes: named('entityTypes').map(({ name, value, path }) => {
      const entityType = objectAt(value, path);
      const ids = member(entityType, 'enum');
      return {
        name: qualified(name),
        json: entityType,
        path,
        ...(ids === undefined ? {} : { ids: new Set(stringsAt(ids, [...path, 'enum'])) }),
      };
    }),
    actions: declared('actions').map(({ name, value, path }) => ({
      uid: new EntityUid(qualified('Action'), name),
      namespace,
      json: objectAt(value, path),
      path,
    })),
  };
}

function actionIds(actions: readonly ActionDeclaration[]): (readonly [string, Set<string>])[] {
  const byType = Map.groupBy(actions, ({ uid }) => uid.type);
  return Array.from(byType, ([type, ofType]) => [type, new Set(ofType.map(({ uid }) => uid.id))]);
}

function readEntityTypes(
  declarations: readonly EntityTypeDeclaration[],
  types: TypeReader,
): ReadonlyMap<string, EntityType> {
  const parents = new Map(
    declarations.map(({ name, json, path }) => [
      name,
      types.entityTypeNames(member(json, 'memberOfTypes'), [...path, 'memberOfTypes']),
    ]),
  );
  return new Map(
    declarations.map(({ name, json, path, ids }) => {
      const tags = member(json, 'tags');
      return [
        name,
        {
          name,
          // Types may stand above themselves (a group in a group); entities may not.
          ancestorTypes: closeUpward(name, (type) => parents.get(type) ?? []),
          attributes: readRecord(member(json, 'shape'), types, [...path, 'shape']),
          ...(tags === undefined ? {} : { tags: types.read(tags, [...path, 'tags']) }),
          ...(ids === undefined ? {} : { ids }),
        },
      ];
    }),
  );
}

function readRecord(json: unknown, types: TypeReader, path: InputPath): RecordType {
  if (json === undefined || json === null) return EMPTY_RECORD;
  const type: CedarType = types.read(json, path);
  if (type.kind === 'record') return type;
  throw new CedarInputError('wrong-type', 'this must be a record', path);
}

function readActions(
  declarations: readonly ActionDeclaration[],
  types: TypeReader,
): ReadonlyMap<string, ReadonlyMap<string, ActionType>> {
  const uids = new ActionUids(declarations.map(({ uid }) => uid));
  const parents = new Map(
    declarations.map((declaration) => [declaration.uid, readGroups(declaration, uids)]),
  );
  const actions = new Map<string, Map<string, ActionType>>();
  for (const { uid, json, path } of declarations) {
    const ancestors = closeUpward(uid, (action) => parents.get(action) ?? []);
    if (ancestors.has(uid)) {
      throw new CedarInputError('cycle', 'this action is in itself', [...path, 'memberOf']);
    }
    if (Object.keys(objectAt(member(json, 'attributes') ?? {}, path)).length > 0) {
      throw new CedarInputError('malformed', 'actions have no attributes', path);
    }
    const appliesTo = objectAt(member(json, 'appliesTo') ?? {}, [...path, 'appliesTo']);
    const names = (key: string) =>
      new Set(types.entityTypeNames(member(appliesTo, key), [...path, 'appliesTo', key]));
    const action: ActionType = {
      uid,
      ancestors: [...ancestors],
      principalTypes: names('principalTypes'),
      resourceTypes: names('resourceTypes'),
      context: readRecord(member(appliesTo, 'context'), types, [...path, 'appliesTo', 'context']),
    };
    const ofType = actions.get(uid.type) ?? new Map<string, ActionType>();
    actions.set(uid.type, ofType.set(uid.id, action));
  }
  return actions;
}

function readGroups({ namespace, json, path }: ActionDeclaration, uids: ActionUids): EntityUid[] {
  const groups = member(json, 'memberOf') ?? [];
  const at = [...path, 'memberOf'];
  if (!Array.isArray(groups)) throw new CedarInputError('malformed', 'this must be a list', at);
  return groups.map((group: unknown, index) => {
    const here = [...at, index];
    const reference = objectAt(group, here);
    // Without a type, the group is of the same namespace.
    const type =
      member(reference, 'type') ?? (namespace === '' ? 'Action' : `${namespace}::Action`);
    const uid = readEntityUid({ type, id: member(reference, 'id') }, here);
    const declared = uids.find(uid);
    if (declared !== undefined) return declared;
    throw new CedarInputError('undeclared', 'the schema declares no such action', here);
  });
}

/** The one object for each action, so that closures can go by identity. */
class ActionUids {
  readonly #byType = new Map<string, Map<string, EntityUid>>();
  constructor(uids: readonly EntityUid[]) {
    for (const uid of uids) {
      const ofType = this.#byType.get(uid.type) ?? new Map<string, EntityUid>();
      this.#byType.set(uid.type, ofType.set(uid.id, uid));
    }
  }
  find(uid: EntityUid): EntityUid | undefined {
    return this.#byType.get(uid.type)?.get(uid.id);
  }
}
