import { actionNames, type Remedy } from '@proofline/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRelease, decide, remedies, supposeRemedies, type Question } from './index.ts';
import { productPolicies } from './testing/product-policies.ts';
import { randomQuestion } from './testing/random-question.ts';

const set = compileRelease(productPolicies());
const permits = (question: Question) => decide(set, question).effect === 'permit';

function properSubsets<T>(items: readonly T[]): T[][] {
  const all: T[][] = [[]];
  for (const item of items) all.push(...all.map((subset) => [...subset, item]));
  return all.filter((subset) => subset.length < items.length);
}

describe('remedies', () => {
  it('always permit together, and no part of them does', () => {
    let offered = 0;
    fc.assert(
      fc.property(randomQuestion, (question) => {
        const found = remedies(set, question);
        if (found.length === 0) return;
        offered += 1;
        expect(supposeRemedies(question, found).some(permits)).toBe(true);
        for (const part of properSubsets(found)) {
          expect(supposeRemedies(question, part).some(permits)).toBe(false);
        }
      }),
      { numRuns: 2200, seed: 20_261_121 },
    );
    // The property says nothing where nothing is offered: it must have been put to the test.
    expect(offered).toBeGreaterThan(45);
  });

  it('are missing only where no part of all that can be done permits', () => {
    const all: Remedy[] = [
      { kind: 'reason-code' },
      { kind: 'agent.step-up', acr: 'phrh', maxAgeSeconds: 0 },
      { kind: 'customer.proof', maxAgeSeconds: 0 },
      { kind: 'approval', action: 'refund:initiate' },
    ];
    let denied = 0;
    fc.assert(
      fc.property(randomQuestion, (question) => {
        if (permits(question) || remedies(set, question).length > 0) return;
        denied += 1;
        for (const some of [...properSubsets(all), all]) {
          expect(supposeRemedies(question, some).some(permits)).toBe(false);
        }
      }),
      { numRuns: 400, seed: 20_261_121 },
    );
    expect(denied).toBeGreaterThan(60);
  });

  it('are as old as the policies allow, and not a second older', () => {
    const question = refund({ session: { live: true, phrAgeSeconds: 900 } });
    const found = remedies(set, question);
    expect(found).toEqual([{ kind: 'agent.step-up', acr: 'phr', maxAgeSeconds: 60 }]);
    const older = { kind: 'agent.step-up', acr: 'phr', maxAgeSeconds: 61 } as const;
    expect(supposeRemedies(question, [older]).some(permits)).toBe(false);
  });

  it.each<[string, Record<string, unknown>]>([
    ['somebody else’s account', { proof: { ...proof, customerMatchesResource: false } }],
    ['a call of somebody else', { interaction: { ...interaction, assignedToSubject: false } }],
    ['a call that has ended', { interaction: { ...interaction, state: 'ended' } }],
    ['a session that has ended', { session: { live: false } }],
    ['an account that is not active', { staff: { ...staff, active: false } }],
    ['a role that does not do this', { staff: { ...staff, roles: ['hr-officer'] } }],
  ])('are not offered for %s', (_name, facts) => {
    expect(remedies(set, refund(facts))).toEqual([]);
  });

  it('find a reason code and a hardware-held proof where a policy asks for them', () => {
    const strict = compileRelease({
      schema: productPolicies().schema,
      policies: [
        {
          path: 'tiers/strict.cedar',
          text: `@id("role.open") @reason("Open.") permit (principal, action, resource);
          @id("tier.reason") @reason("Say why.") forbid (principal, action, resource)
          unless { context.request has reasonCode };
          @id("tier.hardware") @reason("Hardware.") forbid (principal, action, resource)
          unless {
            context has session &&
            context.session has phrhAgeSeconds &&
            context.session.phrhAgeSeconds < 120
          };`,
        },
      ],
    });
    const question = {
      ...refund({}),
      context: { request: {}, session: { live: true, phrAgeSeconds: 1 } },
    };
    expect(remedies(strict, question)).toEqual([
      { kind: 'reason-code' },
      { kind: 'agent.step-up', acr: 'phrh', maxAgeSeconds: 119 },
    ]);
  });
});

describe('every action of the contract', () => {
  it('is answered by the engine without a throw', () => {
    for (const action of actionNames) {
      expect(decide(set, { ...refund({}), action }).reasons.length).toBeGreaterThan(0);
    }
  });
});

const proof = {
  ageSeconds: 10,
  acr: 'phr',
  purpose: 'billing',
  customerMatchesResource: true,
  settled: true,
};
const interaction = { state: 'live', assignedToSubject: true, sameDesk: true, wrongCodes: 0 };
const staff = { roles: ['billing-agent'], desk: 'Harbour', active: true };

function refund(facts: Record<string, unknown>): Question {
  return {
    principal: { type: 'Staff', id: 'p' },
    action: 'refund:initiate',
    resource: { type: 'Account', id: 'a' },
    context: {
      request: { amountCents: 500 },
      staff,
      session: { live: true, phrAgeSeconds: 5 },
      interaction,
      caseFile: { type: 'billing', open: true },
      proof,
      grant: { live: true, permitsAction: true },
      ...(facts as Question['context']),
    },
  };
}
