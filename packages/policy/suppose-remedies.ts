import type { JsonObject } from '@proofline/kernel';
import { caseTypes, reasonCodes, type Remedy } from '@proofline/protocol';
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
    questions = questions.flatMap((one) =>
      changesOf(one, remedy).map((changes) => withChanges(one, changes)),
    );
  }
  return questions;
}

/**
 * What a remedy would change of the context: one list for each way in which it may turn out. No two
 * kinds of remedy change the same member.
 */
export function changesOf(question: Question, remedy: Remedy): (readonly FactsChange[])[] {
  switch (remedy.kind) {
    case 'reason-code':
      return [[changeOf(question, 'request', { reasonCode: reasonCodes[0] })]];
    case 'approval':
      return [
        [
          changeOf(question, 'approval', {
            approved: true,
            byOther: true,
            sameDesk: true,
            reasonCode: reasonCodes[0],
          }),
        ],
      ];
    case 'agent.step-up':
      return [stepUp(question, remedy)];
    case 'customer.proof':
      return proofs(question, remedy.maxAgeSeconds);
  }
}

/** Only a session that is there can be raised; a hardware-held proof counts at both levels. */
function stepUp(
  question: Question,
  { acr, maxAgeSeconds }: Extract<Remedy, { kind: 'agent.step-up' }>,
): FactsChange[] {
  if (!factsOf(question, 'session')) return [];
  const raised: JsonObject = { phrAgeSeconds: maxAgeSeconds };
  const ages = acr === 'phrh' ? { ...raised, phrhAgeSeconds: maxAgeSeconds } : raised;
  return [changeOf(question, 'session', ages)];
}

/** The same customer again, or, where nobody has proved anything yet, the account's own. */
function proofs(question: Question, ageSeconds: number): FactsChange[][] {
  const known = factsOf(question, 'proof');
  const caseType = factsOf(question, 'caseFile')?.['type'];
  const types = typeof caseType === 'string' ? [caseType] : caseTypes;
  return types.map((type) => {
    const proof = {
      acr: 'phr',
      customerMatchesResource: true,
      ...known,
      purpose: type,
      ageSeconds,
    };
    const changes = [{ name: 'proof', facts: proof }];
    return typeof caseType === 'string'
      ? changes
      : [...changes, changeOf(question, 'caseFile', { type, open: true })];
  });
}

function changeOf(question: Question, name: string, values: JsonObject): FactsChange {
  return { name, facts: { ...factsOf(question, name), ...values } };
}
