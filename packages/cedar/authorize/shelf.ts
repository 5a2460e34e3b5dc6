import type { Entity } from '../entities/entity-store.ts';
import type { EntityUid } from '../values/value.ts';
import type { NamedEntity } from './scope.ts';

/** Things by the entity that a scope names: to be it (`==`), or to be it or below it (`in`). */
export class Shelf<T> {
  readonly #equal = new UidMap<T>();
  readonly #below = new UidMap<T>();

  /** What lies under this name, made where nothing does yet. */
  at({ uid, below }: NamedEntity, make: () => T): T {
    return (below ? this.#below : this.#equal).at(uid, make);
  }

  get isEmpty(): boolean {
    return this.#equal.isEmpty && this.#below.isEmpty;
  }

  /** All that fits an entity. */
  look(uid: EntityUid, entity: Entity | undefined): T[] {
    const found: T[] = [];
    this.#equal.find(uid, found);
    // `in` holds of the entity itself too, also where nothing is known of it.
    this.#below.find(uid, found);
    if (entity === undefined || this.#below.isEmpty) return found;
    for (const ancestor of entity.ancestors) this.#below.find(ancestor, found);
    return found;
  }
}

/** By type, then by id: no key is put together for a lookup. */
class UidMap<T> {
  readonly #byType = new Map<string, Map<string, T>>();

  at({ type, id }: EntityUid, make: () => T): T {
    let byId = this.#byType.get(type);
    if (byId === undefined) this.#byType.set(type, (byId = new Map<string, T>()));
    let found = byId.get(id);
    if (found === undefined) byId.set(id, (found = make()));
    return found;
  }

  get isEmpty(): boolean {
    return this.#byType.size === 0;
  }

  find({ type, id }: EntityUid, found: T[]): void {
    const here = this.#byType.get(type)?.get(id);
    if (here !== undefined) found.push(here);
  }
}
