import { callRoute } from '@proofline/customers/testing';
import type { Id } from '@proofline/kernel';
import { cancelProofRequest, endInteraction } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { aCallRings } from './testing/a-call-rings.ts';
import { telephony } from './testing/interactions-world.ts';
import { ANNA, type PopulatedWorld } from './testing/open-world.ts';

let world: PopulatedWorld;
let call: Id<'int'>;
aCallRings((scene) => ({ world, call } = scene));

/** An open request of this call that Anna was asked, with its number given. */
async function asked() {
  const request = await world.ask(call, ANNA);
  const prompted = await world.prompt(request.proofRequestId, request.matchingNumber);
  return { ...request, prompted };
}

describe('two things at once have one outcome', () => {
  it('the same assertion twice', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    const results = await Promise.allSettled(
      [1, 2].map(() => world.answer(proofRequestId, answer)),
    );
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await world.bound()).toBe(1);
  });

  it('an assertion and the agent’s cancel', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    const [answered, cancelled] = await Promise.allSettled([
      world.answer(proofRequestId, answer),
      callRoute(world.routes, cancelProofRequest, {
        caller: world.ana,
        params: { interactionId: call },
      }),
    ]);
    expect(answered.status === 'fulfilled').not.toBe(cancelled.status === 'fulfilled');
    expect(await world.bound()).toBe(answered.status === 'fulfilled' ? 1 : 0);
  });

  it('an assertion and the end of the call', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    await Promise.allSettled([
      world.answer(proofRequestId, answer),
      callRoute(world.routes, endInteraction, {
        caller: telephony,
        params: { interactionId: call },
      }),
    ]);
    const panel = await world.panel(call);
    expect(panel.state).toBe('ended');
    expect(panel.proof).toBeUndefined();
    expect(await world.bound()).toBe((await world.ledger.entries('proof.ended')).length);
  });

  it('the sweep and an answer in the last moment', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    world.clock.advance(120_000);
    await Promise.allSettled([
      world.answer(proofRequestId, answer),
      world.interactions.sweepExpired(),
    ]);
    expect(await world.bound()).toBe(0);
    const words = (await world.ledger.entries('proof.refused')).map(
      (one) => one.facts?.['because'],
    );
    expect(words.filter((word) => word === 'expired')).toHaveLength(1);
  });
});
