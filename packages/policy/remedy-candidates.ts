/** How much each asks of people: a click, a touch, a key, a customer's minute, a colleague's. */
const frictions = [
  ['reason-code', 1],
  ['phr', 2],
  ['phrh', 3],
  ['customer.proof', 6],
  ['approval', 10],
] as const;

/** What people can be asked for. */
export type Candidate = (typeof frictions)[number][0];

/** Every set of candidates, least friction first, so that a subset always comes before its superset. */
export const candidateSets: readonly (readonly Candidate[])[] = subsets()
  .filter((set) => set.length > 0 && !(set.includes('phr') && set.includes('phrh')))
  .toSorted((a, b) => frictionOf(a) - frictionOf(b));

/** The set that everything else is part of, as far as facts go. */
export const everything = ['reason-code', 'phrh', 'customer.proof', 'approval'] as const;

/** Whether a set has what is needed: where a hardware-held proof would do, another may do too. */
export function brings(names: readonly Candidate[], needed: Candidate): boolean {
  return names.includes(needed) || (needed === 'phrh' && names.includes('phr'));
}

function subsets(): Candidate[][] {
  const sets: Candidate[][] = [[]];
  for (const [candidate] of frictions) sets.push(...sets.map((set) => [...set, candidate]));
  return sets;
}

function frictionOf(set: readonly Candidate[]): number {
  return frictions.reduce((sum, [name, friction]) => sum + (set.includes(name) ? friction : 0), 0);
}
