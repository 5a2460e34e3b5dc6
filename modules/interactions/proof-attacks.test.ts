import {
  cancelProofRequest,
  closeInteraction,
  declineProof,
  endInteraction,
  proofOptions,
  readProofContext,
} from '@proofline/protocol';
import { callRoute } from '@proofline/customers/testing';
import type { Id } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { telephony, strangerId } from './testing/interactions-world.ts';
import {
  ANNA,
  BO,
  CLEO,
  NOBODY,
  populateWorld,
  worldMigrations,
  type PopulatedWorld,
} from './testing/open-world.ts';

let storage: Storage;
let world: PopulatedWorld;
let call: Id<'int'>;

beforeEach(async () => {
  storage = await openTestStorage(worldMigrations);
  world = await populateWorld(storage);
  call = await world.ring();
});
afterEach(() => storage.close());

/** The word of the newest refusal. */
async function because() {
  return (await world.ledger.last('proof.refused')).facts?.['because'];
}
async function bound() {
  return (await world.ledger.entries('proof.bound')).length;
}
/** An open request of this call that Anna was asked, with its number given. */
async function asked() {
  const request = await world.ask(call, ANNA);
  const prompted = await world.prompt(request.proofRequestId, request.matchingNumber);
  return { ...request, prompted };
}

describe('an assertion is refused when it', () => {
  it('is forged: signed by another key', async () => {
    const { proofRequestId, prompted } = await asked();
    const forged = await world.sign(world.annas, prompted, { signature: 'other-key' });
    await expect(world.answer(proofRequestId, forged)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await because()).toBe('signature-wrong');
    expect((await world.panel(call)).proofRequest?.state).toBe('refused');
  });

  it('is tampered with by one bit', async () => {
    const { proofRequestId, prompted } = await asked();
    const bent = await world.sign(world.annas, prompted, { signature: 'bit-flipped' });
    await expect(world.answer(proofRequestId, bent)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await bound()).toBe(0);
  });

  it('is replayed: the very same answer a second time', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    await world.answer(proofRequestId, answer);
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'proof.closed',
    });
    expect(await because()).toBe('replayed');
    expect(await bound()).toBe(1);
  });

  it('is replayed on a later request of the same call', async () => {
    const first = await asked();
    const answer = await world.sign(world.annas, first.prompted);
    await world.answer(first.proofRequestId, answer);
    world.clock.advance(1_000);
    const second = await asked();
    const replay = { ...answer, ceremonyId: second.prompted.ceremonyId };
    await expect(world.answer(second.proofRequestId, replay)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await because()).toBe('challenge-wrong');
  });

  it('is by a foreign customer, with a passkey that is good elsewhere', async () => {
    const { proofRequestId, prompted } = await asked();
    const foreign = await world.sign(world.bos, prompted);
    await expect(world.answer(proofRequestId, foreign)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await because()).toBe('credential-not-theirs');
  });

  it('is by a foreign customer who claims Anna’s credential', async () => {
    const { proofRequestId, prompted } = await asked();
    const credentialId = world.annas.credentials[0]!.credentialId;
    const foreign = await world.sign(world.bos, prompted, { credentialId });
    await expect(world.answer(proofRequestId, foreign)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await bound()).toBe(0);
  });

  it('names another user handle', async () => {
    const { proofRequestId, prompted } = await asked();
    const userHandle = world.bos.credentials[0]!.userHandle;
    const answer = await world.sign(world.annas, prompted, { userHandle });
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await because()).toBe('user-handle-wrong');
  });

  it('is over another call’s context', async () => {
    const elsewhere = await world.ring(world.ben);
    const theirs = await world.ask(elsewhere, BO, { caller: world.ben });
    const otherPrompt = await world.prompt(theirs.proofRequestId, theirs.matchingNumber);
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, {
      ceremonyId: prompted.ceremonyId,
      publicKey: otherPrompt.publicKey,
    });
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await because()).toBe('challenge-wrong');
  });

  it.each([
    ['comes from another origin', { origin: 'https://customers.examp1e' }, 'origin-wrong'],
    ['comes from a frame of another site', { crossOrigin: true }, 'cross-origin'],
    ['is for another RP ID, such as the staff’s', { rpId: 'staff.example' }, 'rp-id-wrong'],
    ['has no user verification', { userVerified: false }, 'user-not-verified'],
    ['is a registration in disguise', { type: 'webauthn.create' }, 'type-wrong'],
  ])('%s', async (_title, misbehave, word) => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted, misbehave);
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await because()).toBe(word);
    expect(await bound()).toBe(0);
  });

  it('answers an older prompt of the same request', async () => {
    const { proofRequestId, prompted, matchingNumber } = await asked();
    await world.prompt(proofRequestId, matchingNumber);
    const answer = await world.sign(world.annas, prompted);
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
    expect(await because()).toBe('ceremony-unknown');
    expect((await world.panel(call)).proofRequest?.state).toBe('open');
  });

  it('skips the matching number: no prompt was ever handed out', async () => {
    const { proofRequestId } = await world.ask(call, ANNA);
    const context = await callRoute(world.routes, readProofContext, { params: { proofRequestId } });
    expect(context.needsNumber).toBe(true);
    const guessed = { ceremonyId: 'cas_01k9h2m4zqe8vr5t7wx3yn6bcd', publicKey: anyPrompt };
    const answer = await world.sign(world.annas, guessed);
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
  });

  it('comes late', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    world.clock.advance(120_000);
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'proof.closed',
    });
    expect(await because()).toBe('expired');
    expect((await world.panel(call)).proofRequest?.state).toBe('expired');
  });

  it('comes after the agent withdrew the request', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    await callRoute(world.routes, cancelProofRequest, {
      caller: world.ana,
      params: { interactionId: call },
    });
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'proof.closed',
    });
    expect(await because()).toBe('answered-after-cancelled');
  });

  it('comes after the customer said no', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    await decline(proofRequestId, 'not-me');
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'proof.closed',
    });
    expect(await bound()).toBe(0);
  });

  it('comes after the call ended', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    await callRoute(world.routes, endInteraction, {
      caller: telephony,
      params: { interactionId: call },
    });
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'proof.closed',
    });
    expect(await bound()).toBe(0);
  });

  it('is for a request that was never made', async () => {
    const { prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    await expect(world.answer(strangerId('prq'), answer)).rejects.toMatchObject({
      code: 'proof.closed',
    });
  });

  it('is by a second customer on a call that has one already', async () => {
    await world.prove(call, ANNA, world.annas);
    world.clock.advance(1_000);
    const code = await world.codeOf(BO);
    await expect(world.claim(call, code)).rejects.toMatchObject({ code: 'proof.other-customer' });
    await expect(world.ask(call, BO)).rejects.toMatchObject({ code: 'proof.other-customer' });
    expect(await because()).toBe('other-customer');
  });
});

const anyPrompt = {
  rpId: 'customers.example',
  challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
};

function decline(proofRequestId: Id<'prq'>, why: 'not-me' | 'not-now') {
  return callRoute(world.routes, declineProof, {
    params: { proofRequestId },
    body: { because: why },
  });
}

describe('the matching number', () => {
  it('ends the request when it is wrong once, so that nobody tries all hundred', async () => {
    const { proofRequestId, matchingNumber } = await world.ask(call, ANNA);
    const wrong = String((Number(matchingNumber) + 1) % 100).padStart(2, '0');
    await expect(world.prompt(proofRequestId, wrong)).rejects.toMatchObject({
      code: 'proof.number-wrong',
    });
    await expect(world.prompt(proofRequestId, matchingNumber)).rejects.toMatchObject({
      code: 'proof.closed',
    });
    const words = (await world.ledger.entries('proof.refused')).map(
      (one) => one.facts?.['because'],
    );
    expect(words).toEqual(['number-wrong', 'answered-after-refused']);
  });

  it('cannot be left out', async () => {
    const { proofRequestId } = await world.ask(call, ANNA);
    await expect(world.prompt(proofRequestId)).rejects.toMatchObject({
      code: 'proof.number-wrong',
    });
  });

  it('is not on the customer’s page, nor in the message', async () => {
    const { proofRequestId, matchingNumber } = await world.ask(call, ANNA);
    await world.customers.messages.deliver();
    const context = await callRoute(world.routes, readProofContext, { params: { proofRequestId } });
    expect(Object.values(context)).not.toContain(matchingNumber);
    expect(world.phone.inbox.at(-1)?.text).not.toContain(matchingNumber);
  });
});

describe('asking', () => {
  it('twice on one call leaves one open request', async () => {
    await world.ask(call, ANNA);
    await expect(world.ask(call, ANNA)).rejects.toMatchObject({ code: 'proof.pending' });
    await expect(world.ask(call, ANNA, { purpose: 'complaint' })).rejects.toMatchObject({
      code: 'proof.pending',
    });
    expect(await because()).toBe('second-request');
  });

  it('by a double click opens one request and sends one message', async () => {
    const clicks = await Promise.allSettled([1, 2, 3].map(() => world.ask(call, ANNA)));
    expect(clicks.filter((click) => click.status === 'fulfilled')).toHaveLength(1);
    const before = world.phone.inbox.length;
    await world.customers.messages.deliver();
    expect(world.phone.inbox.length - before).toBeLessThanOrEqual(1);
    expect(await world.ledger.entries('proof.requested')).toHaveLength(1);
    expect(await world.ledger.entries('case.opened')).toHaveLength(1);
  });

  it('a fourth time within the hour is refused, whether or not the account exists', async () => {
    for (const account of [ANNA, NOBODY]) {
      for (let time = 0; time < 3; time += 1) {
        const { proofRequestId } = await world.ask(call, account);
        await decline(proofRequestId, 'not-now');
        world.clock.advance(60_000);
      }
      await expect(world.ask(call, account)).rejects.toMatchObject({ code: 'proof.too-many' });
    }
    world.clock.advance(60 * 60_000);
    await world.ask(call, ANNA);
  });

  it('reaches a customer three times within the hour, whoever asks; the fourth learns nothing', async () => {
    const elsewhere = await world.ring(world.ben);
    for (let time = 0; time < 3; time += 1) {
      const { proofRequestId } = await world.ask(call, ANNA);
      await decline(proofRequestId, 'not-now');
      world.clock.advance(1_000);
    }
    await world.customers.messages.deliver();
    const sent = world.phone.inbox.length;
    const fourth = await world.ask(elsewhere, ANNA, { caller: world.ben });
    expect(fourth.state).toBe('open');
    await world.customers.messages.deliver();
    expect(world.phone.inbox).toHaveLength(sent);
    expect((await world.ledger.last('proof.requested')).facts).toMatchObject({
      reached: false,
      because: 'too-many',
    });
  });

  it('for a list of account numbers on one call stops after ten', async () => {
    for (let number = 0; number < 10; number += 1) {
      const { proofRequestId } = await world.ask(call, `C-20${number}`);
      await decline(proofRequestId, 'not-now');
    }
    await expect(world.ask(call, 'C-3000')).rejects.toMatchObject({ code: 'request.too-many' });
  });

  it('on another agent’s call is refused, and looks like a call that does not exist', async () => {
    const theirs = await world.ring(world.ben);
    const foreign = await world.ask(theirs, ANNA).catch((error: unknown) => error);
    const unknown = await world.ask(strangerId('int'), ANNA).catch((error: unknown) => error);
    expect(foreign).toMatchObject({ code: 'access.denied' });
    expect(foreign).toEqual(unknown);
    expect(await because()).toBe('agent-not-on-call');
  });

  it('on a call that has ended is refused', async () => {
    await callRoute(world.routes, closeInteraction, {
      caller: world.ana,
      params: { interactionId: call },
    });
    await expect(world.ask(call, ANNA)).rejects.toMatchObject({ code: 'interaction.ended' });
  });
});

describe('an agent who types an account number learns nothing (P9)', () => {
  /** What the agent sees of a request, without what is random. */
  async function seen(account: string, caller = world.ana) {
    const interactionId = await world.ring(caller);
    const request = await world.ask(interactionId, account, { caller });
    const first = await world.panel(interactionId, caller);
    const prompted = await world.prompt(request.proofRequestId, request.matchingNumber);
    world.clock.advance(119_000);
    const late = await world.panel(interactionId, caller);
    world.clock.advance(1_000);
    await world.interactions.sweepExpired();
    const last = await world.panel(interactionId, caller);
    const shape = JSON.stringify([request, first, prompted, late, last], (key, value: unknown) =>
      /Id$|At$|number|challenge|context|timeout/i.test(key) ? typeof value : value,
    );
    return shape.replaceAll(/number out: \d\d/g, 'number out');
  }

  it('whether it exists, has a passkey, or is being asked on another call', async () => {
    const real = await seen(ANNA);
    expect(await seen(NOBODY)).toBe(real);
    expect(await seen(CLEO)).toBe(real);
    const busy = await world.ring(world.ben);
    await world.ask(busy, BO, { caller: world.ben });
    expect(await seen(BO)).toBe(real);
  });

  it('and a request that went to nobody cannot be answered, not even by the customer', async () => {
    const busy = await world.ring(world.ben);
    const theirs = await world.ask(busy, ANNA, { caller: world.ben });
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    const good = await world.prompt(theirs.proofRequestId, theirs.matchingNumber);
    await world.answer(theirs.proofRequestId, await world.sign(world.annas, good));
    expect(await bound()).toBe(1);
  });
});

describe('a call code', () => {
  it('is claimed once', async () => {
    const code = await world.codeOf(ANNA);
    await world.claim(call, code);
    const elsewhere = await world.ring(world.ben);
    await expect(world.claim(elsewhere, code, { caller: world.ben })).rejects.toMatchObject({
      code: 'proof.code-wrong',
    });
  });

  it('is claimed once, also by two agents at the same moment', async () => {
    const elsewhere = await world.ring(world.ben);
    const code = await world.codeOf(ANNA);
    const claims = await Promise.allSettled([
      world.claim(call, code),
      world.claim(elsewhere, code, { caller: world.ben }),
    ]);
    expect(claims.filter((claim) => claim.status === 'fulfilled')).toHaveLength(1);
    expect(await world.ledger.entries('proof.requested')).toHaveLength(1);
  });

  it('is dead when it expired, and when a newer one was made', async () => {
    const old = await world.codeOf(ANNA);
    const code = await world.codeOf(ANNA);
    if (old !== code) {
      await expect(world.claim(call, old)).rejects.toMatchObject({ code: 'proof.code-wrong' });
    }
    world.clock.advance(5 * 60_000);
    await expect(world.claim(call, code)).rejects.toMatchObject({ code: 'proof.code-wrong' });
    expect(await because()).toBe('code-wrong');
  });

  it('of another tenant is unknown', async () => {
    const other = await populateWorld(storage, 'other');
    const code = await other.codeOf(ANNA);
    await expect(world.claim(call, code)).rejects.toMatchObject({ code: 'proof.code-wrong' });
  });

  it('cannot be found by trying: five wrong ones, then none is looked at', async () => {
    const code = await world.codeOf(ANNA);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let time = 0; time < 5; time += 1) {
      await expect(world.claim(call, wrong)).rejects.toMatchObject({ code: 'proof.code-wrong' });
    }
    await expect(world.claim(call, code)).rejects.toMatchObject({ code: 'request.too-many' });
  });

  it('proves nothing by itself', async () => {
    await world.claim(call, await world.codeOf(ANNA));
    expect((await world.panel(call)).proof).toBeUndefined();
    expect(await bound()).toBe(0);
  });

  it('does not bring a second request to somebody who is being asked elsewhere', async () => {
    const code = await world.codeOf(ANNA);
    const elsewhere = await world.ring(world.ben);
    await world.ask(elsewhere, ANNA, { caller: world.ben });
    await expect(world.claim(call, code)).rejects.toMatchObject({ code: 'proof.pending' });
  });
});

describe('two things at once have one outcome', () => {
  it('the same assertion twice', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    const results = await Promise.allSettled(
      [1, 2].map(() => world.answer(proofRequestId, answer)),
    );
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await bound()).toBe(1);
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
    expect(await bound()).toBe(answered.status === 'fulfilled' ? 1 : 0);
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
    expect(await bound()).toBe((await world.ledger.entries('proof.ended')).length);
  });

  it('the sweep and an answer in the last moment', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    world.clock.advance(120_000);
    await Promise.allSettled([
      world.answer(proofRequestId, answer),
      world.interactions.sweepExpired(),
    ]);
    expect(await bound()).toBe(0);
    const words = (await world.ledger.entries('proof.refused')).map(
      (one) => one.facts?.['because'],
    );
    expect(words.filter((word) => word === 'expired')).toHaveLength(1);
  });
});

it('whoever holds a link cannot fill the log with late answers', async () => {
  const { proofRequestId, prompted } = await asked();
  const answer = await world.sign(world.annas, prompted);
  await world.answer(proofRequestId, answer);
  for (let time = 0; time < 9; time += 1) {
    await expect(
      callRoute(world.routes, proofOptions, { params: { proofRequestId }, body: {} }),
    ).rejects.toMatchObject({ code: 'proof.closed' });
  }
  expect(await world.ledger.entries('proof.refused')).toHaveLength(5);
});
