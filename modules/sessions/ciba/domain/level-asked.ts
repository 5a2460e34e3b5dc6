import type { Acr } from '@proofline/protocol';
import { satisfiesAcr, type AssuranceDemand } from '../../domain/levels.ts';

/** The least level that answers; `undefined`: none that there is. */
export function levelAsked({ acrValues }: AssuranceDemand): Acr | undefined {
  return (['phr', 'phrh'] as const).find((acr) => satisfiesAcr(acr, acrValues));
}
