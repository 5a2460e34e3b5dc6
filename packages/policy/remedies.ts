import type { Remedy } from '@proofline/protocol';
import { withDefaults } from './cautious-defaults.ts';
import { isBroken, linksOf } from './chain.ts';
import { contextReads, type ContextReads } from './context-reads.ts';
import { isPermit } from './decide.ts';
import type { FactsChange, Supposition } from './engine.ts';
import type { PolicySet } from './policy-set.ts';
import type { Question } from './question.ts';
import { brings, candidateSets, everything, type Candidate } from './remedy-candidates.ts';
import { optionOf, optionsFor, type Option } from './remedy-options.ts';
import { mayBeChanged } from './suppose-remedies.ts';

/** Longer than any call: the age of a proof that may be as old as it likes. */
const ANY_AGE_SECONDS = 86_400;

/**
 * The least that would turn this deny into a permit, computed from the policies by supposing it
 * done. All of the returned remedies together permit, and no part of them does. Empty: permitted
 * already, or nothing that people can do on this call would help.
 *
 * A remedy is taken to never hurt: when all of them together do not permit, none is looked for, and
 * one without which the others do not permit is part of the answer. All of them are a person's: of a
 * program that acts for one, nothing is asked, and what it may not do nothing turns.
 */
export function remedies(set: PolicySet, question: Question): Remedy[] {
  if (isBroken(question)) return [];
  const suppositions = linksOf(question).map((link) =>
    set.compiled.suppose(withDefaults(set.defaults, link.question)),
  );
  // A question that could not be read is not made readable by overwriting the fact at fault.
  if (!suppositions.every((one) => one !== undefined)) return [];
  const each = suppositions.map((one) => one.permits ?? asking(set, one));
  const permits = (changes: readonly FactsChange[]) => each.every((one) => one(changes));
  const isSettled = suppositions.some((one) => one.settle?.(mayBeChanged(question)) === false);
  if (isSettled || permits([])) return [];
  const reads = contextReads(set.read, question);
  const { optionFor, canHelp } = optionsFor(set, question, reads);
  const optionsOf = (names: readonly Candidate[]) => names.map(optionFor);

  // What no policy asks about changes nothing, and all together do what any of them does.
  const helpful = everything.filter(canHelp);
  if (helpful.length === 0) return [];
  const would = searchAmong(optionsOf(helpful), permits);
  if (would === undefined) return [];
  const needed = helpful.filter((name) => {
    const others = helpful.filter((other) => other !== name);
    return others.length === 0 || !would(optionsOf(others));
  });
  const least = candidateSets.find(
    (names) =>
      needed.every((name) => brings(names, name)) &&
      names.every(canHelp) &&
      would(optionsOf(names)),
  );
  return relaxed(optionsOf(least ?? []), { set, question, reads, would });
}

function asking(set: PolicySet, supposition: Supposition) {
  return (changes: readonly FactsChange[]) => isPermit(set, supposition.evaluate(changes));
}

type Would = (options: readonly Option[]) => boolean;

/**
 * Whether options permit together in some way; `undefined` where not even all of them do. A way is first
 * looked at when those before it did not do, and not again where all of them do not permit in it.
 */
function searchAmong(
  all: readonly Option[],
  permits: (changes: readonly FactsChange[]) => boolean,
): Would | undefined {
  const count = Math.max(...all.map((option) => option.count));
  const possible: number[] = [];
  let next = 0;
  const possibleAt = (index: number): number | undefined => {
    for (; possible.length <= index && next < count; next += 1) {
      if (permits(changesIn(all, next))) possible.push(next);
    }
    return possible[index];
  };
  if (possibleAt(0) === undefined) return undefined;
  return (options) => {
    const differ = options.some((option) => option.count > 1);
    for (let index = 0; ; index += 1) {
      const way = possibleAt(index);
      if (way === undefined) return false;
      if (permits(changesIn(options, way))) return true;
      if (!differ) return false;
    }
  };
}

/** What changes in one way; an option with a single way turns out in that one. */
function changesIn(options: readonly Option[], way: number): readonly FactsChange[] {
  const all: FactsChange[] = [];
  for (const option of options) {
    for (const change of option.changes(option.count > 1 ? way : 0)) all.push(change);
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
    const ages = agesFor(reads, remedy);
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

const agesOfReads = new WeakMap<ContextReads, Map<Remedy['kind'], readonly number[]>>();

/** The ages that a remedy may have, oldest first; made once for all questions of one kind. */
function agesFor(reads: ContextReads, { kind }: Remedy): readonly number[] {
  const known = agesOfReads.get(reads) ?? new Map<Remedy['kind'], readonly number[]>();
  agesOfReads.set(reads, known);
  let ages = known.get(kind);
  if (ages === undefined) {
    const bounds =
      kind === 'customer.proof'
        ? reads.boundsOf('proof', 'ageSeconds')
        : [
            ...reads.boundsOf('session', 'phrAgeSeconds'),
            ...reads.boundsOf('session', 'phrhAgeSeconds'),
            ...reads.boundsOf('session', 'leftAloneSeconds'),
          ].toSorted((a, b) => b - a);
    ages = [ANY_AGE_SECONDS, ...bounds];
    known.set(kind, ages);
  }
  return ages;
}
