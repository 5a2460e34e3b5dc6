import { chainPlaces } from '@proofline/decisions';
import type { GrantProgram } from '../types.ts';
import type { Act } from './act-chain.ts';

/**
 * The chain with one more at its end; `undefined`: it would be too long, or go round. Whoever stands in it
 * already gets nothing by being called again.
 */
export function joinedBy(
  programs: readonly GrantProgram[],
  joining: GrantProgram,
): readonly GrantProgram[] | undefined {
  const isIn = programs.some(({ serviceId }) => serviceId === joining.serviceId);
  return isIn || programs.length >= chainPlaces.length ? undefined : [...programs, joining];
}

/** As a token says it: whoever acts now first, and within whoever called them (RFC 8693 §4.1). */
export function actOf(programs: readonly GrantProgram[]): Act | undefined {
  return programs.reduce<Act | undefined>(
    (before, { serviceId: sub }) => ({ sub, ...(before && { act: before }) }),
    undefined,
  );
}
