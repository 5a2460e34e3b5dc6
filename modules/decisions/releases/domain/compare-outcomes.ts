import type { Outcome } from '@proofline/policy';
import type { Decision, PolicyChange } from '@proofline/protocol';

/** How a candidate would have decided otherwise, and the policies that make it so. */
export interface OutcomeDifference {
  readonly change: PolicyChange;
  readonly livePolicies: readonly string[];
  readonly candidatePolicies: readonly string[];
  /** The policies by which it is counted; never empty. */
  readonly because: readonly string[];
}

/** Compares a decision that was made with what a candidate makes of the same question. */
export function compareOutcomes(
  decision: Pick<Decision, 'effect' | 'reasons'>,
  outcome: Outcome,
): OutcomeDifference | undefined {
  const livePolicies = decision.reasons.map(({ policy }) => policy).toSorted();
  const candidatePolicies = outcome.reasons.map(({ policy }) => policy).toSorted();
  if (decision.effect !== outcome.effect) {
    const change = outcome.effect === 'permit' ? 'permitted' : 'stopped';
    return { change, livePolicies, candidatePolicies, because: candidatePolicies };
  }
  const added = candidatePolicies.filter((id) => !livePolicies.includes(id));
  const removed = livePolicies.filter((id) => !candidatePolicies.includes(id));
  if (added.length === 0 && removed.length === 0) return undefined;
  const because = added.length > 0 ? added : removed;
  return { change: 'otherwise', livePolicies, candidatePolicies, because };
}
