import type { DecisionCase } from '@proofline/policy';
import { Action, type ReasonCode } from '@proofline/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { productCases } from '../../packages/policy/testing/product-policies.ts';
import type { DecisionInput } from './index.ts';
import { decisionsWorld } from './testing/decisions-world.ts';

let world: Awaited<ReturnType<typeof decisionsWorld>>;
beforeAll(async () => {
  world = await decisionsWorld();
});
afterAll(() => world.storage.close());

/** Categories are asked by the field plan, and a verb that there is not by nobody. */
const askable = productCases().filter((one) => Action.safeParse(one.question.action).success);

it('has cases to run', () => expect(askable.length).toBeGreaterThanOrEqual(60));

it.each(askable.map((one) => [one.name, one] as const))(
  'the PDP decides %s',
  async (_name, one) => {
    const decision = await world.decisions.decide(inputOf(one));
    expect(decision).toMatchObject({ effect: one.expect.effect, forbidden: one.expect.forbidden });
    expect(decision.remedies).toEqual(one.expect.remedies);
    if (one.expect.fields && one.expect.effect === 'permit') {
      expect(decision.obligations.fields).toEqual(one.expect.fields);
    }
  },
);

function inputOf({ question, facts }: DecisionCase): DecisionInput {
  for (const name of Object.keys(world.known)) world.known[name] = undefined;
  for (const [name, values] of Object.entries(facts)) {
    if (name !== 'request') world.known[name] = { values: values as Record<string, string> };
  }
  const request = facts['request'] as { amountCents?: number; reasonCode?: ReasonCode };
  return {
    subject: { type: question.principal.type, id: question.principal.id },
    action: Action.parse(question.action),
    resource: question.resource,
    request,
  };
}
