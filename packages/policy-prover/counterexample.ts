import {
  compiledEngine,
  conditionPolicy,
  decideAlone,
  policyOf,
  type Invariant,
  type PolicySet,
  type Question,
} from '@proofline/policy';

/** A request that breaks an invariant. */
export interface Counterexample {
  /** What the policies permit, and must not. */
  readonly permitted: Question;
  /** What they refuse although they permit the other: where the invariant compares two requests. */
  readonly refused?: Question;
}

/**
 * Whether the engine itself, in enforcement mode, decides a request so that it breaks the invariant. It is
 * about the principal alone: what is proved of each of those who act, holds of all of them.
 */
export function isCounterexample(
  set: PolicySet,
  { claim, assuming }: Invariant,
  { permitted, refused }: Counterexample,
): boolean {
  if (decideAlone(set, permitted).effect !== 'permit') return false;
  if (refused !== undefined && decideAlone(set, refused).effect !== 'deny') return false;
  if (assuming !== undefined && !holds(set, assuming, permitted)) return false;
  return !('onlyWhen' in claim) || !holds(set, claim.onlyWhen, permitted);
}

/** A condition holds where a policy that consists of it alone would permit. */
function holds(set: PolicySet, condition: string, question: Question): boolean {
  const { schema } = set.read;
  const policies = new Map([['condition', policyOf(conditionPolicy(condition))]]);
  const compiled = compiledEngine.compile({ read: { schema, policies } });
  return decideAlone({ ...set, compiled }, question).effect === 'permit';
}
