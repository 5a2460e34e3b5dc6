import type { Frame } from './frame.ts';
import type { Gathering } from './gathered-policies.ts';
import type { ReadyPolicy } from './ready-policy.ts';
import { Shelf } from './shelf.ts';
import type { Tally } from './tally.ts';

type Part = 'principal' | 'resource';

/** Policies that are alike in what they say of one part, by what they say of the other. */
class Bucket {
  readonly #part: Part;
  readonly #general: ReadyPolicy[] = [];
  readonly #named = new Shelf<ReadyPolicy[]>();

  constructor(part: Part) {
    this.#part = part;
  }

  put(ready: ReadyPolicy): void {
    const name = ready[this.#part];
    (name ? this.#named.at(name, () => []) : this.#general).push(ready);
  }

  evaluate(frame: Frame, tally: Tally): void {
    tally.add(this.#general);
    if (this.#named.isEmpty) return;
    for (const policies of lookUp(this.#named, this.#part, frame)) tally.add(policies);
  }

  gather(frame: Frame, gathering: Gathering): void {
    gathering.add(this.#general);
    for (const policies of lookUp(this.#named, this.#part, frame)) gathering.add(policies);
  }
}

/**
 * The policies that one action on one type of resource by one type of principal can meet, laid out
 * by the entities that their scopes name: so a request looks only at those that name nobody, itself
 * or something above it, however many there are of the others.
 */
export class PolicySlice {
  readonly #first: Part;
  readonly #general: Bucket;
  readonly #named = new Shelf<Bucket>();

  constructor(policies: readonly ReadyPolicy[]) {
    // By the part with the most different names first: there each bucket is the smallest.
    const byPrincipal = spreadOf(policies, 'principal') >= spreadOf(policies, 'resource');
    this.#first = byPrincipal ? 'principal' : 'resource';
    const second = byPrincipal ? 'resource' : 'principal';
    this.#general = new Bucket(second);
    for (const ready of policies) {
      const name = ready[this.#first];
      (name ? this.#named.at(name, () => new Bucket(second)) : this.#general).put(ready);
    }
  }

  /** Evaluates every policy whose whole scope fits the frame. */
  evaluate(frame: Frame, tally: Tally): void {
    this.#general.evaluate(frame, tally);
    if (this.#named.isEmpty) return;
    for (const bucket of lookUp(this.#named, this.#first, frame)) bucket.evaluate(frame, tally);
  }

  /** The same policies, none of them evaluated: a walk of its own, which leaves decisions theirs. */
  gather(frame: Frame, gathering: Gathering): void {
    this.#general.gather(frame, gathering);
    for (const bucket of lookUp(this.#named, this.#first, frame)) bucket.gather(frame, gathering);
  }
}

function lookUp<T>(shelf: Shelf<T>, part: Part, frame: Frame): T[] {
  return part === 'principal'
    ? shelf.look(frame.principal, frame.principalEntity)
    : shelf.look(frame.resource, frame.resourceEntity);
}

/** How many different entities the policies name as this part. */
function spreadOf(policies: readonly ReadyPolicy[], part: Part): number {
  const named = policies.map((ready) => ready[part]?.uid);
  return new Set(named.map((uid) => (uid ? JSON.stringify([uid.type, uid.id]) : ''))).size;
}
