import { decide, type PolicySet, type Question } from '@proofline/policy';
import type { Facts } from '../types.ts';

/** Single-use facts of a permit: those that are used up by it, because it rests on them. */
export function usedFacts(
  set: PolicySet,
  question: Question,
  known: ReadonlyMap<string, Facts>,
): Facts[] {
  return [...known]
    .filter(([name, facts]) => facts.onPermit && !permitsWithout(set, question, name))
    .map(([, facts]) => facts);
}

function permitsWithout(set: PolicySet, question: Question, name: string): boolean {
  const context = { ...question.context, [name]: undefined };
  return decide(set, { ...question, context }).effect === 'permit';
}
