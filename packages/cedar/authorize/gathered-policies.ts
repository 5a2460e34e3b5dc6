import { EvaluationError } from '../evaluation-error.ts';
import type { Policy } from '../policy/policy.ts';
import type { Frame } from './frame.ts';
import type { ReadyPolicy } from './ready-policy.ts';

/** The policies that a request meets, for asking about them again while its context is another. */
export interface GatheredPolicies {
  /** Whether, with the context as it is now, a permit holds and no forbid holds or errs. */
  permit(): boolean;
  /**
   * Evaluates for good, with the context as it is now, every policy that will not come to anything else:
   * for which `mayChange` is false. Whether the others still matter: not where a forbid holds or errs.
   */
  settle(mayChange: (policy: Policy) => boolean): boolean;
}

/** @see GatheredPolicies */
export class Gathering implements GatheredPolicies {
  readonly #frame: Frame;
  #permits: ReadyPolicy[] = [];
  #forbids: ReadyPolicy[] = [];
  #isPermitted = false;

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  add(policies: readonly ReadyPolicy[]): void {
    for (const ready of policies) (ready.isPermit ? this.#permits : this.#forbids).push(ready);
  }

  permit(): boolean {
    if (!this.#isPermitted && !this.#holdsOf(this.#permits, false)) return false;
    return !this.#holdsOf(this.#forbids, true);
  }

  settle(mayChange: (policy: Policy) => boolean): boolean {
    const forbids: ReadyPolicy[] = [];
    for (const ready of this.#forbids) {
      if (mayChange(ready.policy)) forbids.push(ready);
      else if (holds(ready, this.#frame, true)) return false;
    }
    const permits: ReadyPolicy[] = [];
    for (const ready of this.#permits) {
      if (mayChange(ready.policy)) permits.push(ready);
      else this.#isPermitted ||= holds(ready, this.#frame, false);
    }
    [this.#forbids, this.#permits] = [forbids, permits];
    return this.#isPermitted || permits.length > 0;
  }

  /** Whether one holds; what decided last mostly decides again, and is asked first the next time. */
  #holdsOf(policies: ReadyPolicy[], whereItErrs: boolean): boolean {
    for (let index = 0; index < policies.length; index += 1) {
      const ready = policies[index];
      if (ready === undefined || !holds(ready, this.#frame, whereItErrs)) continue;
      const [first] = policies;
      if (first !== undefined) [policies[0], policies[index]] = [ready, first];
      return true;
    }
    return false;
  }
}

function holds({ hold, constants }: ReadyPolicy, frame: Frame, whereItErrs: boolean): boolean {
  try {
    return hold(frame, constants);
  } catch (error) {
    if (error instanceof EvaluationError) return whereItErrs;
    throw error;
  }
}
