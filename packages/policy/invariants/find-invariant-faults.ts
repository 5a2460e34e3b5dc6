import type { PolicyFault } from '@proofline/protocol';
import { faultAtStart } from '../release-faults.ts';
import { findUnfitInvariants, type SchemaAndText } from './find-unfit-invariants.ts';
import type { Invariant } from './invariant.ts';

/** A release has no more of them: each is a proof over every kind of request. */
const INVARIANTS_MAX = 200;

/** What is wrong with the invariants of a release, each at its file. */
export function findInvariantFaults(
  of: SchemaAndText,
  invariants: readonly Invariant[],
): PolicyFault[] {
  if (invariants.length > INVARIANTS_MAX) {
    const text = `There are more than ${INVARIANTS_MAX} invariants.`;
    return [faultAtStart('', 'release.too-large', text)];
  }
  const twice = invariants.filter((one, index) => one.name === invariants[index - 1]?.name);
  return [
    ...twice.map((one) =>
      faultAtStart(invariantPath(one.name), 'invariant.duplicate', 'The name stands twice.'),
    ),
    ...[...findUnfitInvariants(of, invariants)].map(([{ name }, text]) =>
      faultAtStart(invariantPath(name), 'invariant.unfit', text),
    ),
  ];
}

/** Where an invariant stands in a folder of policies. */
export function invariantPath(name: string): string {
  return `invariants/${name}.json`;
}
