import type { Entity } from '../entities/entity-store.ts';
import type { CompiledConditions } from '../compile/compile-policies.ts';
import type { Policy } from '../policy/policy.ts';
import type { EntityUid } from '../values/value.ts';
import type { Frame } from './frame.ts';
import { entityFits, namedEntity, type NamedEntity } from './scope.ts';

/** A policy made ready, with its place in the set, which orders what is told of it. */
export interface ReadyPolicy extends CompiledConditions {
  readonly id: string;
  readonly position: number;
  readonly policy: Policy;
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

  get(uid: EntityUid, found: ReadyPolicy[]): void {
    const here = this.#byType.get(uid.type)?.get(uid.id);
    if (here !== undefined) found.push(...here);
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

  /** Adds the policies that fit an entity. */
  look(uid: EntityUid, entity: Entity | undefined, found: ReadyPolicy[]): void {
    this.#equal.get(uid, found);
    if (this.#below.isEmpty) return;
    // `in` holds of the entity itself too, also where nothing is known of it.
    this.#below.get(uid, found);
    if (entity === undefined) return;
    for (const ancestor of entity.ancestors) this.#below.get(ancestor, found);
  }
}

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
    for (const ready of policies) this.#place(ready);
  }

  #place(ready: ReadyPolicy): void {
    const principal = namedEntity(ready.policy.principal);
    const resource = namedEntity(ready.policy.resource);
    if (principal) this.#principals.put(principal, ready);
    else if (resource) this.#resources.put(resource, ready);
    else this.#general.push(ready);
  }

  /** Every policy whose whole scope fits the frame, in no particular order. */
  fitting(frame: Frame): readonly ReadyPolicy[] {
    if (this.#principals.isEmpty && this.#resources.isEmpty) return this.#general;
    const found = [...this.#general];
    this.#principals.look(frame.principal, frame.principalEntity, found);
    // A policy that names a principal lies there, whatever it says of the resource.
    const named = found.splice(this.#general.length);
    for (const ready of named) {
      if (entityFits(ready.policy.resource, frame.resource, frame.resourceEntity))
        found.push(ready);
    }
    this.#resources.look(frame.resource, frame.resourceEntity, found);
    return found;
  }
}
