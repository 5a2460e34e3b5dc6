import type { Acr, AssuranceTimes } from '@proofline/protocol';

/** Levels from the strongest down; a proof at one level is a proof at every level below it. */
const strongestFirst: readonly Acr[] = ['phrh', 'phr'];

/** A login raises its own level and those below; it never lowers or clears another (DESIGN §2). */
export function raiseLevels(levels: AssuranceTimes, acr: Acr, atSeconds: number): AssuranceTimes {
  const later = (known: number | undefined): number => Math.max(known ?? 0, atSeconds);
  const phr = later(levels.phr);
  if (acr === 'phrh') return { phr, phrh: later(levels.phrh) };
  return levels.phrh === undefined ? { phr } : { phr, phrh: levels.phrh };
}

/** What a token may say about an authentication: this level, proved at this time. */
export interface AssuranceStatement {
  readonly acr: Acr;
  /** Unix seconds. */
  readonly authTime: number;
}

/** What a client asks for: one of these levels (any when empty), proved at most so long ago. */
export interface AssuranceDemand {
  readonly acrValues: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** Whether a proof at `acr` answers a demand for one of these levels. */
export function satisfiesAcr(acr: Acr, acrValues: readonly string[]): boolean {
  if (acrValues.length === 0 || acrValues.includes(acr)) return true;
  return acr === 'phrh' && acrValues.includes('phr');
}

/**
 * The strongest true statement that meets the demand, or `undefined` when a new proof is needed.
 * `acr` and `auth_time` always belong together: a level is never paired with another level's time.
 */
export function stateAssurance(
  levels: AssuranceTimes,
  demand: AssuranceDemand,
  nowSeconds: number,
): AssuranceStatement | undefined {
  for (const acr of strongestFirst) {
    const authTime = levels[acr];
    if (authTime === undefined || !satisfiesAcr(acr, demand.acrValues)) continue;
    const ageSeconds = nowSeconds - authTime;
    if (demand.maxAgeSeconds !== undefined && ageSeconds > demand.maxAgeSeconds) continue;
    return { acr, authTime };
  }
  return undefined;
}

/** A demand that meets both what was asked and what a policy asks: the stronger level, the younger proof. */
export function narrowDemand(
  asked: AssuranceDemand,
  policy: { readonly acr: Acr; readonly maxAgeSeconds?: number | undefined },
): AssuranceDemand {
  const both = strongestFirst.filter(
    (acr) => satisfiesAcr(acr, asked.acrValues) && satisfiesAcr(acr, [policy.acr]),
  );
  const ages = [asked.maxAgeSeconds, policy.maxAgeSeconds].filter((age) => age !== undefined);
  return {
    // What nobody reaches stays asked for: an empty list would ask for nothing.
    acrValues: both.length > 0 ? both : asked.acrValues,
    ...(ages.length > 0 && { maxAgeSeconds: Math.min(...ages) }),
  };
}
