import { canonicalJson, type Json } from '@proofline/kernel';
import type { DecisionCase } from './decision-case.ts';
import { canonicalInvariant, substanceOf } from './invariants/canonical-invariant.ts';
import type { Invariant } from './invariants/invariant.ts';

/** How an invariant differs from the one of the same name in another set. */
export interface InvariantDiff {
  readonly name: string;
  /** `reworded`: it holds what it held. Removed and changed ones are dropped: what they held may end. */
  readonly change: 'added' | 'removed' | 'changed' | 'reworded';
  /** What it says, before and after. */
  readonly from?: string;
  readonly to?: string;
}

/** What differs between the invariants of two sets, in the order of their names. */
export function diffInvariants(
  from: readonly Invariant[],
  to: readonly Invariant[],
): InvariantDiff[] {
  const before = new Map(from.map((one) => [one.name, one]));
  const after = new Map(to.map((one) => [one.name, one]));
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.flatMap((name): InvariantDiff[] => {
    const was = before.get(name);
    const is = after.get(name);
    if (was === undefined) return [{ name, change: 'added', to: is?.says ?? '' }];
    if (is === undefined) return [{ name, change: 'removed', from: was.says }];
    if (canonicalInvariant(was) === canonicalInvariant(is)) return [];
    const change = substanceOf(was) === substanceOf(is) ? 'reworded' : 'changed';
    return [{ name, change, from: was.says, to: is.says }];
  });
}

/**
 * The named cases of one set that another does not have, or expects otherwise: what was promised by
 * them is not promised any more. A case that only says better why is the same.
 */
export function droppedCases(from: readonly DecisionCase[], to: readonly DecisionCase[]): string[] {
  const kept = new Map(to.map((one) => [one.name, promiseOf(one)]));
  return from.filter((one) => kept.get(one.name) !== promiseOf(one)).map(({ name }) => name);
}

function promiseOf({ question, facts, expect }: DecisionCase): string {
  // What `JSON.parse` answers is JSON; the pass through text drops members that are `undefined`.
  return canonicalJson(JSON.parse(JSON.stringify({ question, facts, expect })) as Json);
}
