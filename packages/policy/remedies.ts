import type { Action, Remedy } from '@proofline/protocol';
import { withDefaults, withOwnDefaults } from './cautious-defaults.ts';
import { contextReads, type ContextReads } from './context-reads.ts';
import { isPermit } from './decide.ts';
import type { FactsChange } from './engine.ts';
import type { PolicySet } from './policy-set.ts';
import { factsOf, type Question } from './question.ts';
import { changesOf } from './suppose-remedies.ts';

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
const everything = ['reason-code', 'phrh', 'customer.proof', 'approval'] as const;

/**
 * The least that would turn this deny into a permit, computed from the policies by supposing it
 * done. All of the returned remedies together permit, and no part of them does. Empty: permitted
 * already, or nothing that people can do on this call would help.
 *
 * A remedy is taken to never hurt: when all of them together do not permit, none is looked for, and
 * one without which the others do not permit is part of the answer.
 */
export function remedies(set: PolicySet, question: Question): Remedy[] {
  const supposition = set.compiled.suppose(withDefaults(set.defaults, question));
  // A question that could not be read is not made readable by overwriting the fact at fault.
  if (supposition === undefined) return [];
  const permits =
    supposition.permits ?? ((changes) => isPermit(set, supposition.evaluate(changes)));
  if (permits([])) return [];
  const reads = contextReads(set.read, question);
  const options = optionsFor(set, question);
  const canHelp = (name: Candidate) => changesWhatIsRead(options[name], question, reads);
  const optionsOf = (names: readonly Candidate[]) => names.map((name) => options[name]);

  // What no policy asks about changes nothing, and all together do what any of them does.
  const helpful = everything.filter(canHelp);
  if (helpful.length === 0) return [];
  const would = searchAmong(optionsOf(helpful), permits);
  if (would === undefined) return [];
  const needed = helpful.filter((name) => {
    const others = helpful.filter((other) => other !== name);
    return others.length === 0 || !would(optionsOf(others));
  });
  const least = candidateSets
    .filter((names) => needed.every((name) => brings(names, name)) && names.every(canHelp))
    .map(optionsOf)
    .find(would);
  return relaxed(least ?? [], { set, question, reads, would });
}

/** A remedy with what it would change: one list for each way in which it may turn out. */
interface Option {
  readonly remedy: Remedy;
  readonly ways: readonly (readonly FactsChange[])[];
}

/** A fact that a remedy brings has the defaults of whatever the remedy does not say of it. */
function optionOf({ defaults }: PolicySet, question: Question, remedy: Remedy): Option {
  const declared = defaults.get(question.action);
  const fill = ({ name, facts }: FactsChange): FactsChange => {
    return { name, facts: withOwnDefaults(declared, name, facts) };
  };
  const ways = changesOf(question, remedy);
  return { remedy, ways: declared === undefined ? ways : ways.map((way) => way.map(fill)) };
}

function optionsFor(set: PolicySet, question: Question): Readonly<Record<Candidate, Option>> {
  const fresh = (name: Candidate) => optionOf(set, question, toRemedy(name, question));
  return {
    'reason-code': fresh('reason-code'),
    phr: fresh('phr'),
    phrh: fresh('phrh'),
    'customer.proof': fresh('customer.proof'),
    approval: fresh('approval'),
  };
}

function changesWhatIsRead({ ways }: Option, question: Question, reads: ContextReads): boolean {
  return ways.some((changes) =>
    changes.some(({ name, facts }) => {
      const before = factsOf(question, name);
      if (before === undefined) return reads.has(name);
      return Object.keys(facts).some(
        (fact) => facts[fact] !== before[fact] && reads.hasFact(name, fact),
      );
    }),
  );
}

type Would = (options: readonly Option[]) => boolean;

/**
 * Whether options permit together in some way; `undefined` where not even all of them do. A way in
 * which all of them do not permit is not looked at again.
 */
function searchAmong(
  all: readonly Option[],
  permits: (changes: readonly FactsChange[]) => boolean,
): Would | undefined {
  const count = Math.max(...all.map(({ ways }) => ways.length));
  const possible = Array.from({ length: count }, (_, way) => way).filter((way) =>
    permits(changesIn(all, way)),
  );
  if (possible.length === 0) return undefined;
  return (options) => {
    const differ = options.some(({ ways }) => ways.length > 1);
    return possible.some(
      (way, index) => (differ || index === 0) && permits(changesIn(options, way)),
    );
  };
}

/** What changes in one way; an option with a single way turns out in that one. */
function changesIn(options: readonly Option[], way: number): readonly FactsChange[] {
  const all: FactsChange[] = [];
  for (const { ways } of options) {
    for (const change of ways[ways.length > 1 ? way : 0] ?? []) all.push(change);
  }
  return all;
}

interface Relaxing {
  readonly set: PolicySet;
  readonly question: Question;
  readonly reads: ContextReads;
  readonly would: Would;
}

/** Replaces each age of 0 by the highest that still permits; a fresher proof is taken to do too. */
function relaxed(least: readonly Option[], { set, question, reads, would }: Relaxing): Remedy[] {
  const result = [...least];
  for (const [index, { remedy }] of least.entries()) {
    if (!('maxAgeSeconds' in remedy)) continue;
    const ages = [ANY_AGE_SECONDS, ...boundsFor(reads, remedy)];
    // Before `from` none permits; at `to` one does, or it is the age of 0.
    let [from, to] = [0, ages.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const older = optionOf(set, question, { ...remedy, maxAgeSeconds: ages[middle] ?? 0 });
      if (would(result.with(index, older))) [to, result[index]] = [middle, older];
      else from = middle + 1;
    }
  }
  return result.map(({ remedy }) => remedy);
}

function boundsFor(reads: ContextReads, remedy: Remedy): readonly number[] {
  if (remedy.kind === 'customer.proof') return reads.boundsOf('proof', 'ageSeconds');
  const bounds = [
    ...reads.boundsOf('session', 'phrAgeSeconds'),
    ...reads.boundsOf('session', 'phrhAgeSeconds'),
  ];
  return bounds.toSorted((a, b) => b - a);
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

/** Whether a set has what is needed: where a hardware-held proof would do, another may do too. */
function brings(names: readonly Candidate[], needed: Candidate): boolean {
  return names.includes(needed) || (needed === 'phrh' && names.includes('phr'));
}
