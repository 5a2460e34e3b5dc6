import type { JsonObject } from '@proofline/kernel';
import { decide } from './decide.ts';
import type { PolicySet } from './policy-set.ts';
import type { Question } from './question.ts';

/** The policies that a decision rested on. */
export interface PoliciesAtWork {
  /** Ids of those that determined it. */
  readonly determining: readonly string[];
  /** Ids of forbids that a fact held back: without it, each would have forbidden what was permitted. */
  readonly guards: readonly string[];
}

/**
 * The policies that a decision rests on. A permit names the policy that permits; that an approval or a
 * proof was there is said by the forbids which would have stood in its way.
 */
export function policiesAtWork(set: PolicySet, question: Question): PoliciesAtWork {
  const { effect, determining } = decide(set, question);
  const guards = effect === 'permit' ? Object.keys(question.context) : [];
  return {
    determining,
    guards: [...new Set(guards.flatMap((name) => forbidsWithout(set, question, name)))],
  };
}

function forbidsWithout(set: PolicySet, question: Question, name: string): readonly string[] {
  const without = (value: JsonObject | undefined) =>
    decide(set, { ...question, context: { ...question.context, [name]: value } });
  const absent = without(undefined);
  // What every question must have can only be empty.
  const outcome = absent.refused ? without({}) : absent;
  return outcome.forbidden && !outcome.refused ? outcome.determining : [];
}
