import type { Policy } from '@proofline/cedar';
import type { JsonObject } from '@proofline/kernel';
import { caseTypes, reasonCodes, type Remedy } from '@proofline/protocol';
import { contextReadsOf } from './context-reads.ts';
import { withChanges, type FactsChange } from './engine.ts';
import { factsOf, type Question } from './question.ts';

/**
 * The question as it would stand once the remedies were carried out, each just within its age.
 *
 * More than one answer only where a customer's proof also opens the case, whose type nobody knows
 * yet: one answer per type. What a remedy cannot touch (whose account, whose call) stays as it is.
 */
export function supposeRemedies(question: Question, remedies: readonly Remedy[]): Question[] {
  let questions = [question];
  for (const remedy of remedies) {
    questions = questions.flatMap((one) => {
      const { count, changes } = waysOf(one, remedy);
      return Array.from({ length: count }, (_, way) => withChanges(one, changes(way)));
    });
  }
  return questions;
}

/** The ways in which a remedy may turn out. What it changes in each is made when it is asked for. */
export interface Ways {
  readonly count: number;
  /** Of the way with this number, from 0. */
  readonly changes: (way: number) => readonly FactsChange[];
}

/** What a remedy would change of the context. No two kinds of remedy change the same member. */
export function waysOf(question: Question, remedy: Remedy): Ways {
  switch (remedy.kind) {
    case 'reason-code':
      return inOneWay(() => [changeOf(question, 'request', { reasonCode: reasonCodes[0] })]);
    case 'approval':
      return inOneWay(() => [
        changeOf(question, 'approval', {
          approved: true,
          byOther: true,
          sameDesk: true,
          reasonCode: reasonCodes[0],
        }),
      ]);
    case 'agent.step-up':
      return inOneWay(() => stepUp(question, remedy));
    case 'customer.proof':
      return proofs(question, remedy.maxAgeSeconds);
  }
}

function inOneWay(changes: () => readonly FactsChange[]): Ways {
  return { count: 1, changes };
}

/** Members of the context of which a remedy may change anything. */
const changedWhole = ['proof', 'caseFile', 'approval'] as const;

/** Found once for each policy. */
const changeable = {
  withRequest: new WeakMap<Policy, boolean>(),
  without: new WeakMap<Policy, boolean>(),
};

/**
 * Whether a policy may come to something else by any remedy: whether it asks about what {@link waysOf}
 * changes. Of the session only the ages and how long it was left alone are among it, and of a request that is
 * there only the reason.
 */
export function mayBeChanged(question: Question): (policy: Policy) => boolean {
  const hasRequest = factsOf(question, 'request') !== undefined;
  const known = hasRequest ? changeable.withRequest : changeable.without;
  return (policy) => {
    let may = known.get(policy);
    if (may === undefined) known.set(policy, (may = asksAboutChanges(policy, hasRequest)));
    return may;
  };
}

function asksAboutChanges(policy: Policy, hasRequest: boolean): boolean {
  const reads = contextReadsOf(policy);
  return (
    changedWhole.some((member) => reads.has(member)) ||
    reads.hasFact('session', 'phrAgeSeconds') ||
    reads.hasFact('session', 'phrhAgeSeconds') ||
    reads.hasFact('session', 'leftAloneSeconds') ||
    (hasRequest ? reads.hasFact('request', 'reasonCode') : reads.has('request'))
  );
}

/** Only a session that is there can be raised; a hardware-held proof counts at both levels. */
function stepUp(
  question: Question,
  { acr, maxAgeSeconds }: Extract<Remedy, { kind: 'agent.step-up' }>,
): FactsChange[] {
  const known = factsOf(question, 'session');
  if (!known) return [];
  // Since a newer proof nobody was away for longer than that is old, nor than since the one before it.
  const { leftAloneSeconds: left } = known;
  const leftAloneSeconds = typeof left === 'number' ? Math.min(left, maxAgeSeconds) : maxAgeSeconds;
  const raised: JsonObject = { phrAgeSeconds: maxAgeSeconds, leftAloneSeconds };
  const ages = acr === 'phrh' ? { ...raised, phrhAgeSeconds: maxAgeSeconds } : raised;
  return [changeOf(question, 'session', ages)];
}

/** The same customer again, or, where nobody has proved anything yet, the account's own. */
function proofs(question: Question, ageSeconds: number): Ways {
  const known = factsOf(question, 'proof');
  const caseType = factsOf(question, 'caseFile')?.['type'];
  const proofFor = (purpose: string): FactsChange => {
    const own = { acr: 'phr', customerMatchesResource: true, purpose, ageSeconds };
    return {
      name: 'proof',
      facts: known ? { ...own, ...known, purpose, ageSeconds } : { ...own, settled: true },
    };
  };
  if (typeof caseType === 'string') return inOneWay(() => [proofFor(caseType)]);
  return {
    count: caseTypes.length,
    changes: (way) => {
      const type = caseTypes[way] ?? caseTypes[0];
      return [proofFor(type), changeOf(question, 'caseFile', { type, open: true })];
    },
  };
}

function changeOf(question: Question, name: string, values: JsonObject): FactsChange {
  const facts = factsOf(question, name);
  return { name, facts: facts ? { ...facts, ...values } : values };
}
