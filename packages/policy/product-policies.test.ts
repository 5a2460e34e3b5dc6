import {
  accountActions,
  actionNames,
  actions,
  caseTypes,
  dataCategories,
  roles,
  routes,
  type CaseType,
} from '@proofline/protocol';
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
const fieldActions = ['field:view', 'field:mask', 'emergency-field:view', 'emergency-field:mask'];

describe('the named decision cases', () => {
  it('are at least two hundred', () => expect(cases.length).toBeGreaterThanOrEqual(200));
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    expect(checkDecisionCase(set, one)).toEqual([]);
  });
  it('permit and deny every action at least once', () => {
    for (const action of [...actionNames, ...fieldActions]) {
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
        for (const action of fieldActions) {
          const question = { ...asked(one), action, context: { ...one.facts, category } };
          for (const id of decide(set, question).determining) determined.add(id);
        }
      }
    }
    expect([...set.policies.keys()].filter((id) => !determined.has(id))).toEqual([]);
  });
});

describe('a type of case', () => {
  /** What is open in every one of them, to somebody. */
  const everywhere = [
    'account:read',
    'account:read-public',
    'callback:schedule',
    'complaint:record',
    'fraud-flag:set',
    'note:add',
  ];
  const own: Readonly<Record<CaseType, readonly string[]>> = {
    billing: [
      'bank-details:update',
      'billing-address:update',
      'credit-limit:raise',
      'credit:grant',
      'delivery-preference:update',
      'invoice:correct',
      'invoice:read',
      'late-fee:waive',
      'refund:initiate',
      'usage:read',
    ],
    'plan-change': [
      'add-on:book',
      'contract:terminate',
      'marketing-consent:update',
      'number:release',
      'order:cancel',
      'order:read',
      'plan:change',
      'usage:read',
    ],
    complaint: ['credit:grant', 'invoice:read', 'order:read', 'recording:listen'],
    'technical-fault': [
      'appointment:book',
      'appointment:cancel',
      'credit:grant',
      'equipment:replace',
      'line:test',
      'order:read',
      'router:restart',
      'ticket:open',
      'ticket:read',
      'usage:read',
    ],
    'lost-sim': ['sim:replace'],
    'moving-house': [
      'appointment:book',
      'appointment:cancel',
      'billing-address:update',
      'contact-details:update',
      'order:cancel',
      'order:read',
      'service-address:move',
    ],
    'payment-difficulty': [
      'collection:pause',
      'debt:write-off',
      'invoice:read',
      'late-fee:waive',
      'payment-plan:agree',
    ],
    'priority-care': ['appointment:book', 'appointment:cancel', 'priority-service:register'],
    'data-request': ['record:export'],
    'fraud-review': [
      'fraud-flag:lift',
      'invoice:read',
      'order:read',
      'recording:listen',
      'usage:read',
    ],
  };
  it.each(caseTypes)('%s opens its own matters and nothing of the others', (type) => {
    const opened = accountActions.filter(
      (action) => decide(set, atBest(type, action)).effect === 'permit',
    );
    expect(opened.toSorted()).toEqual([...everywhere, ...own[type]].toSorted());
  });
});

describe('a tier', () => {
  const poorer = {
    low: { proof: undefined },
    medium: { proof: { ageSeconds: 301 } },
    high: { session: { live: true, phrAgeSeconds: 61 } },
  } as const;
  it.each(accountActions.filter((name) => name !== 'account:read-public'))(
    'asks of %s what it asks of all its actions',
    (action) => {
      const type = caseTypes.find((one) => decide(set, atBest(one, action)).effect === 'permit');
      const question = atBest(type!, action);
      const missing: Record<string, object | undefined> = poorer[actions[action].tier];
      for (const [fact, values] of Object.entries(missing)) {
        const known = question.context[fact] as object;
        const less = values && { ...known, ...values };
        const context = { ...question.context, [fact]: less };
        expect(decide(set, { ...question, context }).effect).toBe('deny');
      }
    },
  );
});

describe('the schema', () => {
  const answer = schemaToJson(release.schema);
  const declared = answer.type === 'success' ? (answer.json['Proofline']?.actions ?? {}) : {};
  it('declares the contract’s actions, the two of fields, and no other', () => {
    expect(Object.keys(declared).toSorted()).toEqual(
      [...actionNames, ...fieldActions, 'account-act', ...tiers].toSorted(),
    );
  });
  it('puts every action in the contract’s tier, and what is done on a record in `account-act`', () => {
    for (const name of actionNames) {
      const groups = declared[name]?.memberOf?.map(({ id }) => id) ?? [];
      const isAct = accountActions.includes(name) && name !== 'account:read-public';
      expect({ name, groups: groups.toSorted() }).toEqual({
        name,
        groups: [...(isAct ? ['account-act'] : []), `${actions[name].tier}-tier`],
      });
    }
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

const tiers = ['low-tier', 'medium-tier', 'high-tier'];

/** Asked by somebody in every role, with everything in order, in a case of this type. */
function atBest(type: CaseType, action: string): Question {
  return {
    principal: { type: 'Staff', id: 'p' },
    action,
    resource: { type: 'Account', id: 'a' },
    context: {
      request: { amountCents: 100 },
      staff: { roles: [...roles], desk: 'Harbour', active: true },
      session: { live: true, phrAgeSeconds: 60, phrhAgeSeconds: 60, leftAloneSeconds: 60 },
      interaction: {
        state: 'live',
        assignedToSubject: true,
        sameDesk: true,
        wrongCodes: 0,
        overSeconds: 0,
      },
      caseFile: { type, open: true },
      proof: {
        ageSeconds: 300,
        acr: 'phr',
        purpose: type,
        customerMatchesResource: true,
        settled: true,
      },
      grant: { live: true, permitsAction: true },
      approval: { approved: true, byOther: true, sameDesk: true, reasonCode: 'goodwill' },
    },
  };
}

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
    staff: ['deviceBoundAuthenticators'],
    session: ['phrAgeSeconds', 'phrhAgeSeconds', 'leftAloneSeconds'],
    approval: ['reasonCode'],
    interaction: ['wrongCodes', 'overSeconds'],
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
