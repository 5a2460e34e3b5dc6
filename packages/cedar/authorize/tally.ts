import { EvaluationError, type EvaluationErrorCode } from '../evaluation-error.ts';
import type { Frame } from './frame.ts';
import type { ReadyPolicy } from './ready-policy.ts';

/** A policy that could not be evaluated, and why. */
export interface PolicyError {
  readonly policy: string;
  readonly code: EvaluationErrorCode;
}

/** What Cedar's authorizer answers. */
export interface Answer {
  readonly decision: 'allow' | 'deny';
  /** The satisfied forbids of a deny, or the satisfied permits of an allow, in the set's order. */
  readonly determining: readonly string[];
  /** The policies that erred, which Cedar skips, in the set's order. */
  readonly errors: readonly PolicyError[];
}

const noErrors: readonly PolicyError[] = Object.freeze([]);

/** Evaluates policies, one after the other, and keeps what they come to. */
export class Tally {
  readonly #frame: Frame;
  readonly #permits: ReadyPolicy[] = [];
  readonly #forbids: ReadyPolicy[] = [];
  #erring: { readonly ready: ReadyPolicy; readonly code: EvaluationErrorCode }[] | undefined;

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  /** Evaluates policies whose scope fits. */
  add(policies: readonly ReadyPolicy[]): void {
    for (const ready of policies) {
      try {
        if (!ready.hold(this.#frame, ready.constants)) continue;
        (ready.isPermit ? this.#permits : this.#forbids).push(ready);
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        (this.#erring ??= []).push({ ready, code: error.code });
      }
    }
  }

  answer(): Answer {
    const isAllowed = this.#forbids.length === 0 && this.#permits.length > 0;
    return {
      decision: isAllowed ? 'allow' : 'deny',
      determining: idsInOrder(isAllowed ? this.#permits : this.#forbids),
      errors: this.#errorsInOrder(),
    };
  }

  #errorsInOrder(): readonly PolicyError[] {
    if (this.#erring === undefined) return noErrors;
    return this.#erring
      .sort((one, other) => one.ready.position - other.ready.position)
      .map(({ ready, code }) => ({ policy: ready.id, code }));
  }
}

function idsInOrder(policies: ReadyPolicy[]): string[] {
  if (policies.length > 1) policies.sort((one, other) => one.position - other.position);
  return policies.map(({ id }) => id);
}
