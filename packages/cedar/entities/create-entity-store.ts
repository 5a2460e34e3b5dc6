import { CedarInputError } from '../input-error.ts';
import { valuesEqual, type CedarRecord, type EntityUid } from '../values/value.ts';
import { closeHierarchy, type HierarchyNode } from './close-hierarchy.ts';
import type { Entity, EntityStore } from './entity-store.ts';
import { nameOf } from './name-of.ts';

/** An entity as its owner knows it: with the entities right above it. */
export interface EntityData {
  readonly uid: EntityUid;
  readonly attributes: CedarRecord;
  readonly tags: CedarRecord;
  readonly parents: readonly EntityUid[];
}

/** So many ancestors are looked through one by one. */
const FEW_ANCESTORS = 8;

/**
 * The store of these entities; the hierarchy is closed here, once. Throws a `CedarInputError` where
 * an entity is above itself, or is there twice and differs.
 */
export function createEntityStore(entities: readonly EntityData[]): EntityStore {
  const store = new Store();
  for (const data of entities) store.add(data);
  store.close();
  return store;
}

class Store implements EntityStore {
  /** By type, then by id: no key is built for a lookup. */
  readonly #byType = new Map<string, Map<string, StoredEntity>>();

  find(uid: EntityUid): Entity | undefined {
    return this.#byType.get(uid.type)?.get(uid.id);
  }

  add(data: EntityData): void {
    let ofType = this.#byType.get(data.uid.type);
    if (ofType === undefined) {
      ofType = new Map<string, StoredEntity>();
      this.#byType.set(data.uid.type, ofType);
    }
    const known = ofType.get(data.uid.id);
    if (known === undefined) {
      ofType.set(data.uid.id, new StoredEntity(data));
    } else if (!isSameEntity(known.data, data)) {
      const message = `the entity ${nameOf(data.uid)} is there twice, and differs`;
      throw new CedarInputError('duplicate', message);
    }
  }

  close(): void {
    const nodes = [...this.#byType.values()].flatMap((ofType) => [...ofType.values()]);
    closeHierarchy(nodes, (uid) => this.#byType.get(uid.type)?.get(uid.id));
  }
}

class StoredEntity implements Entity, HierarchyNode {
  readonly uid: EntityUid;
  readonly attributes: CedarRecord;
  readonly tags: CedarRecord;
  readonly data: EntityData;
  ancestors: readonly EntityUid[] = [];
  #index: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  constructor(data: EntityData) {
    this.uid = data.uid;
    this.attributes = data.attributes;
    this.tags = data.tags;
    this.data = data;
  }

  isBelow(uid: EntityUid): boolean {
    const { ancestors } = this;
    if (ancestors.length > FEW_ANCESTORS) {
      this.#index ??= indexOf(ancestors);
      return this.#index.get(uid.type)?.has(uid.id) ?? false;
    }
    for (const ancestor of ancestors) {
      if (ancestor.id === uid.id && ancestor.type === uid.type) return true;
    }
    return false;
  }
}

function indexOf(uids: readonly EntityUid[]): ReadonlyMap<string, ReadonlySet<string>> {
  const idsByType = new Map<string, Set<string>>();
  for (const { type, id } of uids) {
    let ids = idsByType.get(type);
    if (ids === undefined) idsByType.set(type, (ids = new Set()));
    ids.add(id);
  }
  return idsByType;
}

/** Whether two entities are the same as given: Cedar compares before the hierarchy is closed. */
function isSameEntity(left: EntityData, right: EntityData): boolean {
  return (
    valuesEqual(left.attributes, right.attributes) &&
    valuesEqual(left.tags, right.tags) &&
    isSubset(left.parents, right.parents) &&
    isSubset(right.parents, left.parents)
  );
}

function isSubset(left: readonly EntityUid[], right: readonly EntityUid[]): boolean {
  const index = indexOf(right);
  return left.every(({ type, id }) => index.get(type)?.has(id) ?? false);
}
