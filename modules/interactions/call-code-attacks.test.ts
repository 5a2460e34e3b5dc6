import type { Id } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { describe, expect, it } from 'vitest';
import { aCallRings } from './testing/a-call-rings.ts';
import { ANNA, populateWorld, type PopulatedWorld } from './testing/open-world.ts';

let storage: Storage;
let world: PopulatedWorld;
let call: Id<'int'>;
aCallRings((scene) => ({ storage, world, call } = scene));

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
    expect(await world.because()).toBe('code-wrong');
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
    expect(await world.bound()).toBe(0);
  });

  it('does not bring a second request to somebody who is being asked elsewhere', async () => {
    const code = await world.codeOf(ANNA);
    const elsewhere = await world.ring(world.ben);
    await world.ask(elsewhere, ANNA, { caller: world.ben });
    await expect(world.claim(call, code)).rejects.toMatchObject({ code: 'proof.pending' });
  });
});
