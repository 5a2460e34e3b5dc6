import { callRoute } from '@proofline/customers/testing';
import type { Id } from '@proofline/kernel';
import { cancelProofRequest, endInteraction } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { aCallRings } from './testing/a-call-rings.ts';
import { strangerId, telephony } from './testing/interactions-world.ts';
import { ANNA, BO, type PopulatedWorld } from './testing/open-world.ts';

let world: PopulatedWorld;
let call: Id<'int'>;
aCallRings((scene) => ({ world, call } = scene));

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
    expect(await world.because()).toBe('signature-wrong');
    expect((await world.panel(call)).proofRequest?.state).toBe('refused');
  });

  it('is tampered with by one bit', async () => {
    const { proofRequestId, prompted } = await asked();
    const bent = await world.sign(world.annas, prompted, { signature: 'bit-flipped' });
    await expect(world.answer(proofRequestId, bent)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await world.bound()).toBe(0);
  });

  it('is replayed: the very same answer a second time', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    await world.answer(proofRequestId, answer);
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'proof.closed',
    });
    expect(await world.because()).toBe('replayed');
    expect(await world.bound()).toBe(1);
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
    expect(await world.because()).toBe('challenge-wrong');
  });

  it('is by a foreign customer, with a passkey that is good elsewhere', async () => {
    const { proofRequestId, prompted } = await asked();
    const foreign = await world.sign(world.bos, prompted);
    await expect(world.answer(proofRequestId, foreign)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await world.because()).toBe('credential-not-theirs');
  });

  it('is by a foreign customer who claims Anna’s credential', async () => {
    const { proofRequestId, prompted } = await asked();
    const credentialId = world.annas.credentials[0]!.credentialId;
    const foreign = await world.sign(world.bos, prompted, { credentialId });
    await expect(world.answer(proofRequestId, foreign)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await world.bound()).toBe(0);
  });

  it('names another user handle', async () => {
    const { proofRequestId, prompted } = await asked();
    const userHandle = world.bos.credentials[0]!.userHandle;
    const answer = await world.sign(world.annas, prompted, { userHandle });
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await world.because()).toBe('user-handle-wrong');
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
    expect(await world.because()).toBe('challenge-wrong');
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
    expect(await world.because()).toBe(word);
    expect(await world.bound()).toBe(0);
  });

  it('answers an older prompt of the same request', async () => {
    const { proofRequestId, prompted, matchingNumber } = await asked();
    await world.prompt(proofRequestId, matchingNumber);
    const answer = await world.sign(world.annas, prompted);
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
    expect(await world.because()).toBe('ceremony-unknown');
    expect((await world.panel(call)).proofRequest?.state).toBe('open');
  });

  it('skips the matching number: no prompt was ever handed out', async () => {
    const { proofRequestId } = await world.ask(call, ANNA);
    const context = await world.look(proofRequestId);
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
    expect(await world.because()).toBe('expired');
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
    expect(await world.because()).toBe('answered-after-cancelled');
  });

  it('comes after the customer said no', async () => {
    const { proofRequestId, prompted } = await asked();
    const answer = await world.sign(world.annas, prompted);
    await world.decline(proofRequestId, 'not-me');
    await expect(world.answer(proofRequestId, answer)).rejects.toMatchObject({
      code: 'proof.closed',
    });
    expect(await world.bound()).toBe(0);
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
    expect(await world.bound()).toBe(0);
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
    expect(await world.because()).toBe('other-customer');
  });
});

const anyPrompt = {
  rpId: 'customers.example',
  challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
};

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
    const context = await world.look(proofRequestId);
    expect(Object.values(context)).not.toContain(matchingNumber);
    expect(world.phone.inbox.at(-1)?.text).not.toContain(matchingNumber);
  });
});

it('whoever has a link cannot fill the log with late answers', async () => {
  const { proofRequestId, prompted } = await asked();
  const answer = await world.sign(world.annas, prompted);
  await world.answer(proofRequestId, answer);
  for (let time = 0; time < 9; time += 1) {
    await expect(world.prompt(proofRequestId)).rejects.toMatchObject({ code: 'proof.closed' });
  }
  expect(await world.ledger.entries('proof.refused')).toHaveLength(5);
});
