import type { Action, Remedy } from '@proofline/protocol';
import { decide, permits } from './decide.ts';
import type { PolicySet } from './policy-set.ts';
import type { Question } from './question.ts';
import { supposeRemedies } from './suppose-remedies.ts';

/** Longer than any call: the age of a proof that may be as old as it likes. */
const ANY_AGE_SECONDS = 86_400;

/** How much each asks of people: a click, a touch, a key, a customer's minute, a colleague's. */
const frictions = [
  ['reason-code', 1],
  ['phr', 2],
  ['phrh', 3],
  ['customer.proof', 6],
  ['approval', 10],
] as const;
type Candidate = (typeof frictions)[number][0];

/** Every set of candidates, least friction first, so that a subset always comes before its superset. */
const candidateSets: readonly (readonly Candidate[])[] = subsets()
  .filter((set) => set.length > 0 && !(set.includes('phr') && set.includes('phrh')))
  .toSorted((a, b) => frictionOf(a) - frictionOf(b));

/** The set that everything else is part of, as far as facts go. */
const everything: readonly Candidate[] = ['reason-code', 'phrh', 'customer.proof', 'approval'];

/**
 * The least that would turn this deny into a permit, computed from the policies by supposing it
 * done. All of the returned remedies together permit, and no part of them does. Empty: permitted
 * already, or nothing that people can do on this call would help.
 *
 * A remedy is taken to never hurt: when all of them together do not permit, none is looked for.
 */
export function remedies(set: PolicySet, question: Question): Remedy[] {
  const would = (candidate: readonly Remedy[]) =>
    supposeRemedies(question, candidate).some((one) => permits(set, one));
  const asRemedies = (candidates: readonly Candidate[]) =>
    candidates.map((candidate) => toRemedy(candidate, question));

  const now = decide(set, question);
  // A question that could not be read is not made readable by overwriting the fact at fault.
  if (now.effect === 'permit' || now.refused || !would(asRemedies(everything))) return [];
  const least = candidateSets.map(asRemedies).find(would) ?? [];
  return relaxed(set, least, would);
}

/** Replaces each age of 0 by the highest that still permits. */
function relaxed(
  set: PolicySet,
  least: readonly Remedy[],
  would: (candidate: readonly Remedy[]) => boolean,
): Remedy[] {
  const result = [...least];
  for (const [index, remedy] of result.entries()) {
    if (!('maxAgeSeconds' in remedy)) continue;
    const older = [ANY_AGE_SECONDS, ...boundsFor(set, remedy)]
      .map((maxAgeSeconds): Remedy => ({ ...remedy, maxAgeSeconds }))
      .find((candidate) => would(result.with(index, candidate)));
    result[index] = older ?? remedy;
  }
  return result;
}

function boundsFor(set: PolicySet, remedy: Remedy): readonly number[] {
  if (remedy.kind === 'customer.proof') return set.ageBounds['ageSeconds'] ?? [];
  const { phrAgeSeconds = [], phrhAgeSeconds = [] } = set.ageBounds;
  return [...phrAgeSeconds, ...phrhAgeSeconds].toSorted((a, b) => b - a);
}

function toRemedy(candidate: Candidate, question: Question): Remedy {
  switch (candidate) {
    case 'reason-code':
      return { kind: 'reason-code' };
    case 'phr':
    case 'phrh':
      return { kind: 'agent.step-up', acr: candidate, maxAgeSeconds: 0 };
    case 'customer.proof':
      return { kind: 'customer.proof', maxAgeSeconds: 0 };
    case 'approval':
      // A policy that an approval satisfies speaks of an action of the contract: the schema has no other.
      return { kind: 'approval', action: question.action as Action };
  }
}

function subsets(): Candidate[][] {
  const sets: Candidate[][] = [[]];
  for (const [candidate] of frictions) sets.push(...sets.map((set) => [...set, candidate]));
  return sets;
}

function frictionOf(set: readonly Candidate[]): number {
  return frictions.reduce((sum, [name, friction]) => sum + (set.includes(name) ? friction : 0), 0);
}
