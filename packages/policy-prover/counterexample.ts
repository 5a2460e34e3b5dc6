import { compiledEngine, decide, type PolicySet, type Question } from '@proofline/policy';
import { conditionPolicy } from './condition.ts';
import type { Invariant } from './invariant.ts';

/** A request that breaks an invariant. */
export interface Counterexample {
  /** What the policies permit, and must not. */
  readonly permitted: Question;
  /** What they refuse although they permit the other: where the invariant compares two requests. */
  readonly refused?: Question;
}

/** Whether the engine itself, in enforcement mode, decides a request so that it breaks the invariant. */
export function isCounterexample(
  set: PolicySet,
  { claim, assuming }: Invariant,
  { permitted, refused }: Counterexample,
): boolean {
  if (decide(set, permitted).effect !== 'permit') return false;
  if (refused !== undefined && decide(set, refused).effect !== 'deny') return false;
  if (assuming !== undefined && !holds(set, assuming, permitted)) return false;
  return !('onlyWhen' in claim) || !holds(set, claim.onlyWhen, permitted);
}

function holds({ source }: PolicySet, condition: string, question: Question): boolean {
  const policies = { condition: conditionPolicy(condition) };
  const answer = compiledEngine
    .compile({ digest: 'condition', schema: source.schema, policies })
    .evaluate(question);
  return answer.kind === 'evaluated' && answer.allowed;
}
