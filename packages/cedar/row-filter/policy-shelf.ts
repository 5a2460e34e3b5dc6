import type { Frame } from '../authorize/frame.ts';
import { namedEntity } from '../authorize/scope.ts';
import { Shelf } from '../authorize/shelf.ts';
import type { Policy } from '../policy/policy.ts';
import type { Column } from './column.ts';

/** Policies that are alike in their principal, by the entity that they name as resource. */
class Rack {
  readonly #general: Policy[] = [];
  readonly #named = new Map<string, Map<string, Policy[]>>();

  put(policy: Policy): void {
    const named = namedEntity(policy.resource);
    if (named === undefined) {
      this.#general.push(policy);
      return;
    }
    const { type, id } = named.uid;
    let byId = this.#named.get(type);
    if (byId === undefined) this.#named.set(type, (byId = new Map<string, Policy[]>()));
    const found = byId.get(id);
    if (found === undefined) byId.set(id, [policy]);
    else found.push(policy);
  }

  /** Those that a row can lie in, as far as its columns already tell; in the order of their types. */
  collect(reach: Reach, into: Policy[]): void {
    into.push(...this.#general);
    for (const [type, byId] of this.#named) {
      const reached = reach(type);
      if (reached === 'none') continue;
      if (reached === 'any') for (const policies of byId.values()) into.push(...policies);
      else into.push(...(byId.get(reached.always) ?? []));
    }
  }
}

/** Which entities of a type can stand above the rows. */
type Reach = (type: string) => 'any' | 'none' | { readonly always: string };

/**
 * Policies by the principal and the resource that their scopes name, so that a plan looks at few of
 * many.
 */
export class PolicyShelf {
  readonly #general = new Rack();
  readonly #named = new Shelf<Rack>();

  constructor(policies: readonly Policy[]) {
    for (const policy of policies) {
      const named = namedEntity(policy.principal);
      const rack = named === undefined ? this.#general : this.#named.at(named, () => new Rack());
      rack.put(policy);
    }
  }

  /** Those that may fit the principal, and rows whose id is in this column. */
  fitting(frame: Frame, rows: Column | undefined): readonly Policy[] {
    const reach = reachOf(frame.resource.type, rows);
    const found: Policy[] = [];
    this.#general.collect(reach, found);
    if (this.#named.isEmpty) return found;
    for (const rack of this.#named.look(frame.principal, frame.principalEntity)) {
      rack.collect(reach, found);
    }
    return found;
  }
}

/** What is not declared is reached: the translation says then that no column answers. */
function reachOf(resourceType: string, rows: Column | undefined): Reach {
  const ancestors = rows?.ancestors;
  return (type) => {
    if (type === resourceType || ancestors === undefined) return 'any';
    if (ancestors === 'none') return 'none';
    const found = Object.hasOwn(ancestors, type) ? ancestors[type] : undefined;
    if (found === 'none') return 'none';
    return found !== undefined && 'always' in found ? found : 'any';
  };
}
