import fc from 'fast-check';
import { caseTypes, dataCategories, roles } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import {
  compileRelease,
  decide,
  explainFacts,
  explainFields,
  fieldPlan,
  policiesAtWork,
  type Question,
} from './index.ts';
import { productCases, productPolicies } from './testing/product-policies.ts';
import { randomQuestion } from './testing/random-question.ts';

const set = compileRelease(productPolicies());
const cases = productCases();

function questionOf(name: string): Question {
  const one = cases.find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error(`there is no case ${name}`);
  return { ...one.question, context: one.facts };
}
const factsOf = (question: Question) => explainFacts(set, question, policiesAtWork(set, question));

describe('the facts of a decision in words', () => {
  it('say first what the determining policy asks for, with its age', () => {
    const [first, ...rest] = factsOf(questionOf('plan-changes-under-a-fresh-proof-only'));
    expect(first).toEqual({
      path: 'proof.ageSeconds',
      says: 'The customer’s proof was 10 minutes old.',
      isDecisive: true,
      isDefaulted: false,
      ageSeconds: 600,
    });
    expect(rest.every(({ isDecisive }) => !isDecisive)).toBe(true);
  });
  it('say that a fact was not there, once', () => {
    const said = factsOf(questionOf('sim-is-not-replaced-on-an-unproved-call'));
    expect(said.filter(({ isDecisive }) => isDecisive).map(({ says }) => says)).toEqual([
      'The customer had not proved who they are.',
    ]);
  });
  it('say of a permit what would have stood in its way: the approval of a large refund', () => {
    const rested = (name: string) =>
      factsOf(questionOf(name))
        .filter(({ isDecisive }) => isDecisive)
        .map(({ path }) => path);
    const large = rested('large-refund-with-approval');
    expect(large).toEqual(
      expect.arrayContaining([
        'approval.approved',
        'approval.byOther',
        'interaction.assignedToSubject',
        'proof.ageSeconds',
        'request.amountCents',
        'session.live',
        'staff.roles',
      ]),
    );
    // Nobody had to approve a small one, and that nobody did is no reason for it.
    const small = rested('small-refund-under-own-fresh-proof');
    expect(small).toContain('request.amountCents');
    expect(small.filter((path) => path.startsWith('approval'))).toEqual([]);
  });
  it('say of a signal that nobody reported it', () => {
    const said = factsOf(questionOf('refund-when-nobody-counted-wrong-codes'));
    expect(said.filter(({ isDefaulted }) => isDefaulted)).toEqual([
      {
        path: 'interaction.wrongCodes',
        says: 'Nobody reported interaction.wrongCodes, so it counted as 99, its cautious default.',
        isDecisive: true,
        isDefaulted: true,
      },
    ]);
  });
  it('have a sentence for every fact of the product', () => {
    fc.assert(
      fc.property(randomQuestion, (question) => {
        const { category: _, ...context } = question.context;
        for (const { path, says, isDefaulted } of factsOf({ ...question, context })) {
          if (!isDefaulted) expect(says).not.toMatch(new RegExp(`^${path} was`));
        }
      }),
      { numRuns: 150, seed: 20_261_121 },
    );
  });
});

describe('a field that is left out', () => {
  const planned = (name: string) => {
    const question = questionOf(name);
    return explainFields(set, question, fieldPlan(set, question, dataCategories));
  };
  const whyNot = (name: string, category: string) =>
    planned(name).find((field) => field.category === category)?.says;
  it('says which type of case, or which role, would show it', () => {
    const name = 'plan-change-shows-plan-only';
    expect(whyNot(name, 'note')).toBe('Shown in cases of the type complaint.');
    expect(whyNot(name, 'health')).toBe('No type of case shows it.');
    expect(whyNot(name, 'fraud')).toBe('Shown to other roles, in cases of the type fraud review.');
  });
  it('names the policies that would show it, and none where there is none', () => {
    const policiesOf = (name: string, category: string) =>
      planned(name).find((field) => field.category === category)?.policies;
    const name = 'plan-change-shows-plan-only';
    expect(policiesOf(name, 'note')).toEqual(['case.complaint.fields']);
    expect(policiesOf(name, 'fraud')).toEqual(['case.fraud-review.fields']);
    expect(policiesOf(name, 'health')).toEqual([]);
    expect(policiesOf('agent-cannot-read-account-of-unproved-caller', 'contact')).toEqual([
      'tier.field-proof',
    ]);
  });
  it('says the same as a refusal where a forbid hides it', () => {
    expect(whyNot('agent-cannot-read-account-of-unproved-caller', 'contact')).toBe(
      'The caller has not proved who they are. Ask the customer to prove who they are.',
    );
  });
  it('names the program that is the reason, and not the case', () => {
    const name = 'assistant-reads-invoices-for-a-colleague';
    const question = questionOf(name);
    const { chain: _, ...alone } = question.context;
    const own = fieldPlan(set, { ...question, context: alone }, dataCategories);
    const taken = planned(name).filter(({ category }) => own.visible.includes(category));
    expect(taken.map(({ category, shown }) => [category, shown])).toEqual([
      ['contact', 'masked'],
      ['payment-last4', 'masked'],
    ]);
    for (const { says, policies } of taken) {
      expect(says).toBe('“Summary assistant” acts for you, and is not shown it whole.');
      expect(policies).toEqual([]);
    }
    // In another case the colleague would be shown it, and the program would not.
    expect(whyNot(name, 'note')).toBe('“Summary assistant” acts for you, and is not shown it.');
    expect(whyNot(name, 'health')).toBe('No type of case shows it.');
  });
  it('promises nothing that a decision would not keep', () => {
    for (const { name, expect: wanted, facts } of cases) {
      if (wanted.fields === undefined) continue;
      for (const { category, says } of planned(name)) {
        const question = questionOf(name);
        const named = caseTypes.filter((type) => says.startsWith('Shown') && says.includes(type));
        const staff = { ...(facts['staff'] as object), roles: [...roles] };
        const proof = facts['proof'] as object | undefined;
        for (const type of named) {
          const context = {
            ...question.context,
            ...(says.includes('other roles') && { staff }),
            ...(proof && { proof: { ...proof, purpose: type } }),
            caseFile: { type, open: true },
            category,
          } as Question['context'];
          expect(decide(set, { ...question, action: 'field:view', context }).effect).toBe('permit');
        }
      }
    }
  });
});
