import type { JsonObject } from '@proofline/kernel';
import { caseTypes, reasonCodes, type Remedy } from '@proofline/protocol';
import { factsOf, type Question } from './question.ts';

/**
 * The question as it would stand once the remedies were carried out, each just within its age.
 *
 * More than one answer only where a customer's proof also opens the case, whose type nobody knows
 * yet: one answer per type. What a remedy cannot touch (whose account, whose call) stays as it is.
 */
export function supposeRemedies(question: Question, remedies: readonly Remedy[]): Question[] {
  let questions = [question];
  for (const remedy of remedies) questions = questions.flatMap((one) => suppose(one, remedy));
  return questions;
}

function suppose(question: Question, remedy: Remedy): Question[] {
  switch (remedy.kind) {
    case 'reason-code':
      return [withFacts(question, 'request', { reasonCode: reasonCodes[0] })];
    case 'approval':
      return [
        withFacts(question, 'approval', {
          approved: true,
          byOther: true,
          sameDesk: true,
          reasonCode: reasonCodes[0],
        }),
      ];
    case 'agent.step-up':
      return [supposeStepUp(question, remedy)];
    case 'customer.proof':
      return supposeProof(question, remedy.maxAgeSeconds);
  }
}

/** Only a session that is there can be raised; a hardware-held proof counts at both levels. */
function supposeStepUp(
  question: Question,
  { acr, maxAgeSeconds }: Extract<Remedy, { kind: 'agent.step-up' }>,
): Question {
  if (!factsOf(question, 'session')) return question;
  const raised: JsonObject = { phrAgeSeconds: maxAgeSeconds };
  return withFacts(
    question,
    'session',
    acr === 'phrh' ? { ...raised, phrhAgeSeconds: maxAgeSeconds } : raised,
  );
}

/** The same customer again, or, where nobody has proved anything yet, the account's own. */
function supposeProof(question: Question, ageSeconds: number): Question[] {
  const known = factsOf(question, 'proof');
  const caseType = factsOf(question, 'caseFile')?.['type'];
  const types = typeof caseType === 'string' ? [caseType] : caseTypes;
  return types.map((type) => {
    const proved = withFacts(question, 'proof', {
      acr: 'phr',
      customerMatchesResource: true,
      ...known,
      purpose: type,
      ageSeconds,
    });
    return typeof caseType === 'string'
      ? proved
      : withFacts(proved, 'caseFile', { type, open: true });
  });
}

function withFacts(question: Question, name: string, values: JsonObject): Question {
  const facts = { ...factsOf(question, name), ...values };
  return { ...question, context: { ...question.context, [name]: facts } };
}
