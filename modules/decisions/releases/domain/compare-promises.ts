import type { JsonObject } from '@proofline/kernel';
import {
  diffInvariants,
  diffPolicies,
  droppedCases,
  type DecisionCase,
  type Invariant,
  type ReleaseParts,
} from '@proofline/policy';
import type { DroppedPromises, PolicyFault } from '@proofline/protocol';

/** As many names of cases are told of; the count says how many there are. */
const NAMES_MAX = 50;

/** A set with what it promises: named cases, and invariants that may be others than its own. */
export interface PromisingSet {
  readonly set: Pick<ReleaseParts, 'policies' | 'source'>;
  readonly invariants: readonly Invariant[];
  readonly cases: readonly DecisionCase[];
}

/** What was promised by the live release and is not by another set. */
export function droppedPromises(live: PromisingSet, next: PromisingSet): DroppedPromises {
  const names = droppedCases(live.cases, next.cases);
  return {
    cases: { count: names.length, names: names.slice(0, NAMES_MAX) },
    invariants: diffInvariants(live.invariants, next.invariants)
      .filter(({ change }) => change === 'removed' || change === 'changed')
      .map(({ name, from = '' }) => ({ name, says: from })),
  };
}

/**
 * An invariant is dropped by a change of its own: among changed policies nobody would see it, and what it
 * forbids could come with the very change that takes it away.
 */
export function droppedAlongside(
  live: PromisingSet,
  next: PromisingSet,
  { invariants }: DroppedPromises,
): PolicyFault[] {
  const sameRules =
    live.set.source.schema === next.set.source.schema &&
    diffPolicies(live.set, next.set).length === 0;
  if (sameRules) return [];
  return invariants.map(({ name, says }) => ({
    code: 'invariant.dropped-alongside',
    path: `invariants/${name}.json`,
    line: 1,
    column: 1,
    text: `The live release holds: ‘${says}’ To drop or change an invariant is a change of its own: propose it with the live schema and policies as they are.`,
  }));
}

/** The same as an entry of the evidence tells it; nothing where nothing was dropped. */
export function factsOfDropped({ cases, invariants }: DroppedPromises): JsonObject {
  if (cases.count === 0 && invariants.length === 0) return {};
  return {
    dropped: {
      cases: cases.count,
      caseNames: [...cases.names],
      invariants: invariants.map(({ name }) => name),
    },
  };
}
