import { linksOf } from './chain.ts';
import { contextReads } from './context-reads.ts';
import type { PolicySet } from './policy-set.ts';
import type { Question } from './question.ts';

/** The facts that change by themselves: how old a proof is, or how long nobody was there, in seconds. */
const ages = [
  ['proof', 'ageSeconds'],
  ['session', 'phrAgeSeconds'],
  ['session', 'phrhAgeSeconds'],
  ['session', 'leftAloneSeconds'],
] as const;

/**
 * How long a permit surely holds as far as time alone can end it, in seconds: until an age passes the
 * next limit that a policy compares it with. It may hold longer; `undefined`: time does not end it.
 * The question must be one that was permitted.
 */
export function permitHoldsForSeconds(set: PolicySet, question: Question): number | undefined {
  const left = linksOf(question).flatMap((link) => leftOf(set, link.question));
  return left.length > 0 ? Math.min(...left) : undefined;
}

function leftOf(set: PolicySet, question: Question): number[] {
  const reads = contextReads(set.read, question);
  return ages.flatMap(([member, fact]) => {
    const facts = question.context[member];
    const isRecord = typeof facts === 'object' && facts !== null && !Array.isArray(facts);
    const age = isRecord ? new Map(Object.entries(facts)).get(fact) : undefined;
    if (typeof age !== 'number') return [];
    return reads
      .boundsOf(member, fact)
      .filter((bound) => bound >= age)
      .map((bound) => bound - age + 1);
  });
}
