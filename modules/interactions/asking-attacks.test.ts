import { callRoute } from '@proofline/customers/testing';
import type { Id } from '@proofline/kernel';
import { cancelProofRequest, closeInteraction, readProofContext } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { aCallRings } from './testing/a-call-rings.ts';
import { strangerId } from './testing/interactions-world.ts';
import { ANNA, BO, CLEO, NOBODY, type PopulatedWorld } from './testing/open-world.ts';

let world: PopulatedWorld;
let call: Id<'int'>;
aCallRings((scene) => ({ world, call } = scene));

/** The agent withdraws the open request of a call. */
function cancel(interactionId = call) {
  return callRoute(world.routes, cancelProofRequest, {
    caller: world.ana,
    params: { interactionId },
  });
}

describe('asking', () => {
  it('reaches the customer however the account number is written', async () => {
    await world.ask(call, ` ${ANNA.toLowerCase()}`);
    const before = world.phone.inbox.length;
    await world.customers.messages.deliver();
    expect(world.phone.inbox).toHaveLength(before + 1);
  });

  it('twice on one call leaves one open request', async () => {
    await world.ask(call, ANNA);
    await expect(world.ask(call, ANNA)).rejects.toMatchObject({ code: 'proof.pending' });
    await expect(world.ask(call, ANNA, { purpose: 'complaint' })).rejects.toMatchObject({
      code: 'proof.pending',
    });
    expect(await world.because()).toBe('second-request');
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
    // However it is written: a limit that counts each spelling anew is none.
    for (const account of [ANNA, NOBODY]) {
      for (let time = 0; time < 3; time += 1) {
        await world.ask(call, time === 1 ? ` ${account.toLowerCase()} ` : account);
        await cancel();
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
      await world.decline(proofRequestId, 'not-now');
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

  it('never uses up the customer’s own way: their call code works after any number of requests', async () => {
    for (let time = 0; time < 3; time += 1) {
      const { proofRequestId } = await world.ask(call, ANNA);
      await world.decline(proofRequestId, 'not-me');
      world.clock.advance(1_000);
    }
    for (let time = 0; time < 4; time += 1) {
      const caller = await world.customerCaller(ANNA);
      const { proofRequestId } = await world.claim(call, await world.codeOf(ANNA));
      await world.decline(proofRequestId, 'not-now', caller);
    }
    // Nor does what the customer starts use up the messages of others.
    world.clock.advance(60 * 60_000);
    await world.ask(call, ANNA);
    await world.customers.messages.deliver();
    expect((await world.ledger.last('proof.requested')).facts).toMatchObject({ reached: true });
  });

  it('for a list of account numbers on one call stops after ten', async () => {
    for (let number = 0; number < 10; number += 1) {
      await world.ask(call, `C-20${number}`);
      await cancel();
    }
    await expect(world.ask(call, 'C-3000')).rejects.toMatchObject({ code: 'request.too-many' });
  });

  it('on another agent’s call is refused, and looks like a call that does not exist', async () => {
    const theirs = await world.ring(world.ben);
    const foreign = await world.ask(theirs, ANNA).catch((error: unknown) => error);
    const unknown = await world.ask(strangerId('int'), ANNA).catch((error: unknown) => error);
    expect(foreign).toMatchObject({ code: 'access.denied' });
    expect(foreign).toEqual(unknown);
    expect(await world.because()).toBe('agent-not-on-call');
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
    const page = { params: { proofRequestId: request.proofRequestId } };
    const opened = await callRoute(world.routes, readProofContext, page).catch(
      (error: unknown) => error,
    );
    expect(opened).toMatchObject({ code: 'proof.closed' });
    world.clock.advance(119_000);
    const late = await world.panel(interactionId, caller);
    world.clock.advance(1_000);
    await world.interactions.sweepExpired();
    const last = await world.panel(interactionId, caller);
    const shape = JSON.stringify([request, first, opened, late, last], (key, value: unknown) =>
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

  it('and a request that went to nobody has no page, not even for the customer', async () => {
    const caller = await world.customerCaller(ANNA);
    const busy = await world.ring(world.ben);
    const theirs = await world.ask(busy, ANNA, { caller: world.ben });
    const nobodys = await world.ask(call, ANNA);
    for (const by of [undefined, caller]) {
      await expect(world.look(nobodys.proofRequestId, by)).rejects.toMatchObject({
        code: 'proof.closed',
      });
    }
    const good = await world.prompt(theirs.proofRequestId, theirs.matchingNumber);
    const answer = await world.sign(world.annas, good);
    await expect(world.answer(nobodys.proofRequestId, answer)).rejects.toMatchObject({
      code: 'proof.closed',
    });
    await world.answer(theirs.proofRequestId, answer);
    expect(await world.bound()).toBe(1);
  });
});
