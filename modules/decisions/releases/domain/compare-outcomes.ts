import type { PolicyChange } from '@proofline/protocol';

/** How a candidate would have decided otherwise, and the policies that make it so. */
export interface OutcomeDifference {
  readonly change: PolicyChange;
  readonly livePolicies: readonly string[];
  readonly candidatePolicies: readonly string[];
  /** The policies by which it is counted; never empty. */
  readonly because: readonly string[];
}

/** As far as an outcome is compared. */
export interface ComparedOutcome {
  readonly effect: 'permit' | 'deny';
  readonly reasons: readonly { readonly policy: string }[];
}

/** Compares what the live policies make of a question with what a candidate makes of it. */
export function compareOutcomes(
  live: ComparedOutcome,
  candidate: ComparedOutcome,
): OutcomeDifference | undefined {
  const livePolicies = live.reasons.map(({ policy }) => policy).toSorted();
  const candidatePolicies = candidate.reasons.map(({ policy }) => policy).toSorted();
  if (live.effect !== candidate.effect) {
    const change = candidate.effect === 'permit' ? 'permitted' : 'stopped';
    return { change, livePolicies, candidatePolicies, because: candidatePolicies };
  }
  const added = candidatePolicies.filter((id) => !livePolicies.includes(id));
  const removed = livePolicies.filter((id) => !candidatePolicies.includes(id));
  if (added.length === 0 && removed.length === 0) return undefined;
  const because = added.length > 0 ? added : removed;
  return { change: 'otherwise', livePolicies, candidatePolicies, because };
}
