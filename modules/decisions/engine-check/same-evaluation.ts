import type { Evaluation } from '@proofline/policy';

/** Whether two engines say the same; neither promises an order of its lists. */
export function sameEvaluation(one: Evaluation, other: Evaluation): boolean {
  if (one.kind === 'invalid' || other.kind === 'invalid') return one.kind === other.kind;
  return (
    one.allowed === other.allowed &&
    sameList(one.determining, other.determining) &&
    sameList(one.erring, other.erring)
  );
}

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());
}
