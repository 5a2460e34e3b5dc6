import type { Entity } from '../entities/entity-store.ts';
import type { CompiledConditions } from '../compile/compile-policies.ts';
import type { Policy } from '../policy/policy.ts';
import type { EntityUid } from '../values/value.ts';
import type { Frame } from './frame.ts';
import { namedFits, type NamedEntity } from './scope.ts';

/** A policy made ready, with its place in the set, which orders what is told of it. */
export interface ReadyPolicy extends CompiledConditions {
  readonly id: string;
  readonly position: number;
  readonly policy: Policy;
  /** The entities that its scope names. */
  readonly principal: NamedEntity | undefined;
  readonly resource: NamedEntity | undefined;
}

/** Policies by the entity that a scope names. */
class Shelf {
  readonly #byType = new Map<string, Map<string, ReadyPolicy[]>>();

  put(uid: EntityUid, policy: ReadyPolicy): void {
    let byId = this.#byType.get(uid.type);
    if (byId === undefined) this.#byType.set(uid.type, (byId = new Map<string, ReadyPolicy[]>()));
    const found = byId.get(uid.id);
    if (found === undefined) byId.set(uid.id, [policy]);
    else found.push(policy);
  }

  get(uid: EntityUid, buckets: (readonly ReadyPolicy[])[]): void {
    const here = this.#byType.get(uid.type)?.get(uid.id);
    if (here !== undefined) buckets.push(here);
  }

  get isEmpty(): boolean {
    return this.#byType.size === 0;
  }
}

/** The policies whose scope names an entity: to be it (`==`), or to be it or below it (`in`). */
class Shelves {
  readonly #equal = new Shelf();
  readonly #below = new Shelf();

  put({ uid, below }: NamedEntity, policy: ReadyPolicy): void {
    (below ? this.#below : this.#equal).put(uid, policy);
  }

  get isEmpty(): boolean {
    return this.#equal.isEmpty && this.#below.isEmpty;
  }

  /** The buckets of policies that fit an entity. */
  look(uid: EntityUid, entity: Entity | undefined): readonly (readonly ReadyPolicy[])[] {
    if (this.isEmpty) return noBuckets;
    const buckets: (readonly ReadyPolicy[])[] = [];
    this.#equal.get(uid, buckets);
    // `in` holds of the entity itself too, also where nothing is known of it.
    this.#below.get(uid, buckets);
    if (entity === undefined) return buckets;
    for (const ancestor of entity.ancestors) this.#below.get(ancestor, buckets);
    return buckets;
  }
}

const noBuckets: readonly (readonly ReadyPolicy[])[] = [];

/**
 * The policies that one action on one type of resource by one type of principal can meet, laid out
 * by the entity that their scope names: so a request looks only at those that name nobody, itself or
 * something above it, however many there are of the others.
 */
export class PolicySlice {
  readonly #general: ReadyPolicy[] = [];
  readonly #principals = new Shelves();
  readonly #resources = new Shelves();

  constructor(policies: readonly ReadyPolicy[]) {
    const byPrincipal = spreadOf(policies, 'principal') >= spreadOf(policies, 'resource');
    for (const ready of policies) this.#place(ready, byPrincipal);
  }

  /** Where both are named, the policy lies where fewer others do. */
  #place(ready: ReadyPolicy, byPrincipal: boolean): void {
    const { principal, resource } = ready;
    if (principal && (byPrincipal || !resource)) this.#principals.put(principal, ready);
    else if (resource) this.#resources.put(resource, ready);
    else this.#general.push(ready);
  }

  /** Every policy whose whole scope fits the frame, in no particular order. */
  fitting(frame: Frame): readonly ReadyPolicy[] {
    if (this.#principals.isEmpty && this.#resources.isEmpty) return this.#general;
    const found = [...this.#general];
    const { principal, principalEntity, resource, resourceEntity } = frame;
    for (const bucket of this.#principals.look(principal, principalEntity)) {
      for (const ready of bucket) {
        if (namedFits(ready.resource, resource, resourceEntity)) found.push(ready);
      }
    }
    for (const bucket of this.#resources.look(resource, resourceEntity)) {
      for (const ready of bucket) {
        if (namedFits(ready.principal, principal, principalEntity)) found.push(ready);
      }
    }
    return found;
  }
}

/** How many different entities the policies name as this part. */
function spreadOf(policies: readonly ReadyPolicy[], part: 'principal' | 'resource'): number {
  const named = policies.map((ready) => ready[part]?.uid);
  return new Set(named.map((uid) => (uid ? JSON.stringify([uid.type, uid.id]) : ''))).size;
}
