import { callRoute } from '@proofline/customers/testing';
import { newId, type Id } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { declineProof, proofAssertion, proofOptions, readProofContext } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { describe, expect, it } from 'vitest';
import { aCallRings } from './testing/a-call-rings.ts';
import { digestOfLink, fits } from './domain/request-key.ts';
import { strangerId } from './testing/interactions-world.ts';
import { ANNA, BO, type PopulatedWorld } from './testing/open-world.ts';

let storage: Storage;
let world: PopulatedWorld;
let call: Id<'int'>;
aCallRings((scene) => ({ storage, world, call } = scene));

/** What each of the four routes says to somebody with this id and this secret. */
async function tryAll(proofRequestId: Id<'prq'>, secret?: string) {
  const response = { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' };
  const credential = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response };
  const bodies = [
    [readProofContext, undefined],
    [proofOptions, { matchingNumber: '42' }],
    [proofAssertion, { ceremonyId: 'cas_01k9h2m4zqe8vr5t7wx3yn6bcd', credential }],
    [declineProof, { because: 'not-me' }],
  ] as const;
  const told: unknown[] = [];
  for (const [route, body] of bodies) {
    const aimed = world.withSecret(proofRequestId, {
      body,
      ...(secret === undefined ? {} : { secret }),
    });
    told.push(await callRoute(world.routes, route, aimed).catch((error: unknown) => error));
  }
  return told;
}

describe('who has the id of a request and not its link', () => {
  it('is answered on all four routes as if there were none, and leaves no trace', async () => {
    const { proofRequestId } = await world.ask(call, ANNA);
    const elsewhere = await world.ring(world.ben);
    const other = await world.ask(elsewhere, BO, { caller: world.ben });
    const others = await world.linkSecretOf(other.proofRequestId);
    const own = await world.linkSecretOf(proofRequestId);
    const nobodys = await tryAll(strangerId('prq'), own);
    for (const one of nobodys) expect(one).toMatchObject({ code: 'proof.closed' });
    const wrong = [undefined, '', others, `${own} `, own.slice(0, 42), digestOfLink(own), 'é'];
    for (const secret of wrong) expect(await tryAll(proofRequestId, secret)).toEqual(nobodys);
    expect(await world.ledger.entries('proof.refused')).toHaveLength(0);
    expect((await world.panel(call)).proofRequest?.state).toBe('open');
    expect((await world.look(proofRequestId)).state).toBe('open');
  });

  it('finds no link at all to a request that the customer started', async () => {
    const { proofRequestId } = await world.claim(call, await world.codeOf(ANNA));
    const nobodys = await tryAll(strangerId('prq'));
    for (const secret of [undefined, '', 'null', 'A'.repeat(43)])
      expect(await tryAll(proofRequestId, secret)).toEqual(nobodys);
    const caller = await world.customerCaller(ANNA);
    expect((await world.look(proofRequestId, caller)).state).toBe('open');
  });

  it('nor does another customer’s session open it', async () => {
    const caller = await world.customerCaller(BO);
    const sent = await world.ask(call, ANNA);
    const tries = [
      () => world.look(sent.proofRequestId, caller),
      () => world.prompt(sent.proofRequestId, sent.matchingNumber, caller),
      () => world.decline(sent.proofRequestId, 'not-me', caller),
    ];
    for (const one of tries) await expect(one()).rejects.toMatchObject({ code: 'proof.closed' });
    expect((await world.panel(call)).proofRequest?.state).toBe('open');
  });
});

it('a message’s request waits on the signed-in customer’s own page too, number and all', async () => {
  const caller = await world.customerCaller(ANNA);
  const { proofRequestId, matchingNumber } = await world.ask(call, ANNA);
  expect((await world.look(proofRequestId, caller)).needsNumber).toBe(true);
  const prompted = await world.prompt(proofRequestId, matchingNumber, caller);
  await world.answer(proofRequestId, await world.sign(world.annas, prompted), caller);
  expect((await world.panel(call)).callerProved).toBe(true);
});

it('looking at a page changes nothing, however often a scanner follows the link', async () => {
  const { proofRequestId } = await world.ask(call, ANNA);
  await world.linkSecretOf(proofRequestId);
  const rows = () =>
    storage.db
      .withTables<{ proof_requests: object }>()
      .selectFrom('proof_requests')
      .selectAll()
      .execute();
  const before = await rows();
  world.events.length = 0;
  for (let time = 0; time < 3; time += 1) await world.look(proofRequestId);
  expect(await rows()).toEqual(before);
  expect(world.events).toEqual([]);
});

it('the secret is 32 random bytes, anew for every message, and only its digest is kept', async () => {
  const first = await world.ask(call, ANNA);
  const elsewhere = await world.ring(world.ben);
  const second = await world.ask(elsewhere, BO, { caller: world.ben });
  const secrets = [
    await world.linkSecretOf(first.proofRequestId),
    await world.linkSecretOf(second.proofRequestId),
  ];
  for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(new Set(secrets).size).toBe(2);
  const kept = await storage.db
    .withTables<{ proof_requests: { link_digest: string } }>()
    .selectFrom('proof_requests')
    .selectAll()
    .execute();
  expect(kept.map((row) => row.link_digest).toSorted()).toEqual(
    secrets.map(digestOfLink).toSorted(),
  );
  for (const secret of secrets) {
    expect(JSON.stringify(kept)).not.toContain(secret);
    const entries = await world.ledger.entries('proof.requested');
    expect(JSON.stringify(entries)).not.toContain(secret);
  }
});

it('no key fits a request that went to nobody, nor one that is not there', () => {
  const random = seededRandom('no key fits');
  const customerId = newId('cus', { clock: world.clock, random });
  const nobodys = { customerId: undefined, linkDigest: digestOfLink('never sent') };
  expect(fits({ customerId }, nobodys)).toBe(false);
  expect(fits({ customerId }, undefined)).toBe(false);
  expect(fits({ linkSecret: undefined }, { customerId, linkDigest: null })).toBe(false);
  expect(fits({ linkSecret: undefined }, undefined)).toBe(false);
});
