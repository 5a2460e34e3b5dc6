import { actionNames, dataCategories, routes } from '@proofline/protocol';
import { schemaToJson } from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkDecisionCase,
  compileRelease,
  decide,
  fieldPlan,
  remedies,
  type Question,
} from './index.ts';
import { productCases, productPolicies } from './testing/product-policies.ts';
import { randomQuestion } from './testing/random-question.ts';

const release = productPolicies();
const set = compileRelease(release);
const cases = productCases();
const seed = 20_261_121;

describe('the named decision cases', () => {
  it('are at least sixty', () => expect(cases.length).toBeGreaterThanOrEqual(60));
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    expect(checkDecisionCase(set, one)).toEqual([]);
  });
  it('permit and deny every action at least once', () => {
    for (const action of [...actionNames, 'field:view', 'field:mask']) {
      const effects = cases
        .filter((one) => one.question.action === action)
        .map((one) => one.expect.effect);
      expect({ action, effects: [...new Set(effects)].toSorted() }).toEqual({
        action,
        effects: ['deny', 'permit'],
      });
    }
  });
  it('rest on every policy at least once', () => {
    const determined = new Set(cases.flatMap((one) => decide(set, asked(one)).determining));
    for (const one of cases.filter((candidate) => candidate.expect.fields)) {
      for (const category of dataCategories) {
        for (const action of ['field:view', 'field:mask']) {
          const question = { ...asked(one), action, context: { ...one.facts, category } };
          for (const id of decide(set, question).determining) determined.add(id);
        }
      }
    }
    expect([...set.policies.keys()].filter((id) => !determined.has(id))).toEqual([]);
  });
});

describe('the schema', () => {
  const answer = schemaToJson(release.schema);
  const declared = answer.type === 'success' ? (answer.json['Proofline']?.actions ?? {}) : {};
  it('declares the contract’s actions, the two of fields, and no other', () => {
    expect(Object.keys(declared).toSorted()).toEqual(
      [...actionNames, 'field:mask', 'field:view'].toSorted(),
    );
  });
  it('lets every route ask its action on its resource', () => {
    for (const { id, action, resource, caller } of routes) {
      if (!action || !resource) continue;
      const applies = declared[action]?.appliesTo;
      expect({ id, types: applies?.resourceTypes }).toEqual({
        id,
        types: expect.arrayContaining([resource.type]),
      });
      expect(applies?.principalTypes).toContain(caller === 'service' ? 'Service' : 'Staff');
    }
  });
  it('knows no action about an authenticator or in another’s name (P1)', () => {
    for (const action of Object.keys(declared)) {
      expect(action).not.toMatch(
        /authenticator|credential|passkey|recover|bypass|impersonat|reset/,
      );
    }
  });
});

describe('P7: what is missing never widens', () => {
  it('a deny stays a deny when a fact is taken away', () => {
    let permitted = 0;
    fc.assert(
      fc.property(randomQuestion, (question) => {
        for (const poorer of withoutOneFact(question)) {
          if (decide(set, poorer).effect !== 'permit') continue;
          permitted += 1;
          expect(decide(set, question).effect).toBe('permit');
        }
      }),
      { numRuns: 700, seed },
    );
    expect(permitted).toBeGreaterThan(300);
  });
});

describe('P9: a refusal does not tell whether somebody else’s record exists', () => {
  const foreign: Record<string, Record<string, boolean | string>> = {
    interaction: { assignedToSubject: false, sameDesk: false },
    approvalRequest: { sameDesk: false, requestedBySubject: false },
  };
  // What an owner knows about a foreign record must not show: neither in its own facts nor in others.
  const known: Record<string, readonly string[]> = {
    interaction: ['interaction', 'caseFile', 'proof'],
    approvalRequest: ['approvalRequest'],
  };
  it.each(Object.keys(foreign))('foreign %s and unknown come out the same', (name) => {
    let compared = 0;
    fc.assert(
      fc.property(randomQuestion, (question) => {
        const facts = question.context[name];
        if (typeof facts !== 'object' || question.resource.type === 'Account') return;
        compared += 1;
        const theirs = { ...facts, ...foreign[name] };
        const none = Object.fromEntries((known[name] ?? []).map((fact) => [fact, undefined]));
        expect(seen({ ...question, context: { ...question.context, [name]: theirs } })).toEqual(
          seen({ ...question, context: { ...question.context, ...none } }),
        );
      }),
      { numRuns: 1200, seed },
    );
    expect(compared).toBeGreaterThan(300);
  });
});

describe('the field plan', () => {
  it('puts every category in exactly one place and never shows what no case type names', () => {
    let shown = 0;
    fc.assert(
      fc.property(randomQuestion, (question) => {
        const { visible, masked, hidden } = fieldPlan(
          set,
          { ...question, resource: { type: 'Account', id: 'x' } },
          dataCategories,
        );
        expect([...visible, ...masked, ...hidden].toSorted()).toEqual(dataCategories.toSorted());
        expect(hidden).toEqual(
          expect.arrayContaining(['payment-token', 'identity-document', 'health']),
        );
        shown += visible.length;
      }),
      { numRuns: 100, seed },
    );
    expect(shown).toBeGreaterThan(10);
  });
});

function asked(one: (typeof cases)[number]): Question {
  return { ...one.question, context: one.facts };
}

function seen(question: Question) {
  const { effect, forbidden, reasons } = decide(set, question);
  return { effect, forbidden, reasons, remedies: remedies(set, question) };
}

/** The question with one whole fact, or one optional member of a fact, taken away. */
function withoutOneFact(question: Question): Question[] {
  const optional: Record<string, string[]> = {
    request: ['amountCents', 'reasonCode'],
    session: ['phrAgeSeconds', 'phrhAgeSeconds'],
    approval: ['reasonCode'],
    interaction: ['wrongCodes'],
  };
  return Object.entries(question.context).flatMap(([name, facts]) => {
    const without = (value: Question['context'][string]) => ({
      ...question,
      context: { ...question.context, [name]: value },
    });
    const members = (optional[name] ?? []).map((member) =>
      without({ ...(facts as Question['context']), [member]: undefined }),
    );
    return name === 'request' || name === 'category' ? members : [without(undefined), ...members];
  });
}
