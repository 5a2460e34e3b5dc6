import type { Frame } from '../authorize/frame.ts';
import { namedEntity } from '../authorize/scope.ts';
import type { Policy } from '../policy/policy.ts';
import type { EntityUid } from '../values/value.ts';

/** Policies by the principal that their scope names, so that a plan looks at few of many. */
export class PolicyShelf {
  readonly #general: Policy[] = [];
  readonly #named = new Map<string, Policy[]>();

  constructor(policies: readonly Policy[]) {
    for (const policy of policies) {
      const named = namedEntity(policy.principal);
      if (named === undefined) this.#general.push(policy);
      else this.#put(keyOf(named.uid), policy);
    }
  }

  /** Those that may fit the principal; `==` is not told from `in` here. */
  fitting({ principal, principalEntity }: Frame): readonly Policy[] {
    if (this.#named.size === 0) return this.#general;
    const found = [...this.#general, ...(this.#named.get(keyOf(principal)) ?? [])];
    for (const ancestor of principalEntity?.ancestors ?? []) {
      found.push(...(this.#named.get(keyOf(ancestor)) ?? []));
    }
    return found;
  }

  #put(key: string, policy: Policy): void {
    const bucket = this.#named.get(key);
    if (bucket === undefined) this.#named.set(key, [policy]);
    else bucket.push(policy);
  }
}

/** A type’s name has no line break. */
function keyOf({ type, id }: EntityUid): string {
  return `${type}\n${id}`;
}
