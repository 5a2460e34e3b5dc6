import { EvaluationError } from '../evaluation-error.ts';
import type { Frame } from './frame.ts';
import type { ReadyPolicy } from './ready-policy.ts';

/** The policies that a request meets, for asking about them again while its context is another. */
export interface GatheredPolicies {
  /** Whether, with the context as it is now, a permit holds and no forbid holds or errs. */
  permit(): boolean;
}

/** @see GatheredPolicies */
export class Gathering implements GatheredPolicies {
  readonly #frame: Frame;
  readonly #permits: ReadyPolicy[] = [];
  readonly #forbids: ReadyPolicy[] = [];

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  add(policies: readonly ReadyPolicy[]): void {
    for (const ready of policies) (ready.isPermit ? this.#permits : this.#forbids).push(ready);
  }

  permit(): boolean {
    return this.#holdsOf(this.#permits, false) && !this.#holdsOf(this.#forbids, true);
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
