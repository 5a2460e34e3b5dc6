import { callRoute } from '@proofline/customers/testing';
import { newId, type Id } from '@proofline/kernel';
import {
  closeInteraction,
  endInteraction,
  listCases,
  listInteractions,
  recordWrapUp,
} from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { aCallRings } from './testing/a-call-rings.ts';
import { strangerId, telephony } from './testing/interactions-world.ts';
import { ANNA, BO, type PopulatedWorld } from './testing/open-world.ts';

let world: PopulatedWorld;
let call: Id<'int'>;
aCallRings((scene) => ({ world, call } = scene));

function hangUp() {
  return callRoute(world.routes, endInteraction, {
    caller: telephony,
    params: { interactionId: call },
  });
}

describe('the removal of a passkey', () => {
  it('ends the proofs that rest on it, with the grants of their calls, and no others', async () => {
    await world.prove(call, ANNA, world.annas);
    const { authenticatorId } = (await world.ledger.last('proof.bound')).refs as {
      authenticatorId: Id<'ath'>;
    };
    const customer = await world.customers.findByAccountNumber(world.storage.db, ANNA);
    const { customerId } = customer!;
    const remove = async (gone: Id<'ath'>) => {
      const evidenceId = newId('evt', world);
      const removed = { customerId, authenticatorId: gone, evidenceId };
      const tell = await world.storage.transaction((tx) =>
        world.interactions.endProofsOn(tx, removed),
      );
      tell();
      return evidenceId;
    };
    await remove(newId('ath', world));
    expect((await world.panel(call)).callerProved).toBe(true);
    const before = world.events.length;
    const removal = await remove(authenticatorId);
    expect((await world.panel(call)).callerProved).toBe(false);
    expect(world.endedGrants).toEqual([call]);
    expect(world.events.slice(before)).toMatchObject([{ type: 'interaction.changed' }]);
    expect((await world.ledger.last('proof.ended')).causes).toContain(removal);
  });
});

describe('the end of a call', () => {
  it('ends proof, grants and case in one go, and says so in the evidence', async () => {
    await world.prove(call, ANNA, world.annas);
    const caseId = (await world.panel(call)).caseId!;
    await hangUp();
    await hangUp();
    expect(world.endedGrants).toEqual([call]);
    const ended = await world.ledger.last('interaction.ended');
    expect((await world.ledger.last('proof.ended')).causes).toContain(ended.evidenceId);
    expect(await world.ledger.entries('interaction.ended')).toHaveLength(1);
    const panel = await world.panel(call);
    expect(panel).toMatchObject({ state: 'ended', callerProved: false, capabilities: [] });
    expect(panel.proof).toBeUndefined();
    expect(panel.nextStep).toMatch(/^The call has ended\. The caller had proved/);
    const { cases } = await callRoute(world.routes, listCases, { caller: world.ana, query: {} });
    expect(cases.find((file) => file.caseId === caseId)?.state).toBe('closed');
    const basis = { subjectId: world.ana.subjectId, caseId };
    expect(await world.interactions.grantBasis.find(basis)).toBeUndefined();
  });

  it('that comes while the panel is being read is told as the end, and not as a call with all closed', async () => {
    await world.prove(call, ANNA, world.annas);
    world.during.preview = async () => {
      world.during.preview = async () => {};
      await hangUp();
    };
    const panel = await world.panel(call);
    expect(panel).toMatchObject({ state: 'ended', capabilities: [], wrapUp: { allowed: true } });
    expect(panel.nextStep).toMatch(/^The call has ended\./);
  });

  it('is wrapped up by its own agent only, and not before it', async () => {
    const wrapUp = (caller = world.ana) =>
      callRoute(world.routes, recordWrapUp, {
        caller,
        params: { interactionId: call },
        body: { outcome: 'solved' },
      });
    await expect(wrapUp()).rejects.toMatchObject({ code: 'access.denied' });
    await hangUp();
    await expect(wrapUp(world.ben)).rejects.toMatchObject({ code: 'access.denied' });
    const { evidenceId } = await wrapUp();
    const entry = await world.ledger.last('interaction.wrapped-up');
    expect(entry).toMatchObject({ evidenceId, facts: { outcome: 'solved' } });
    // It is written once. What comes after it is a correction, and says of what.
    const both = await Promise.all([wrapUp(), wrapUp()]);
    expect(await world.ledger.entries('interaction.wrapped-up')).toHaveLength(1);
    const corrected = await world.ledger.entries('interaction.wrap-up-corrected');
    expect(corrected.map((one) => one.evidenceId).toSorted()).toEqual(
      both.map((one) => one.evidenceId).toSorted(),
    );
    const chain = corrected.flatMap(({ causes }) => causes);
    expect(new Set(chain).size).toBe(2);
    expect(chain).toContain(evidenceId);
  });

  it('leaves behind that the caller had proved, when and until when, and nothing of whom', async () => {
    await world.prove(call, ANNA, world.annas);
    const provedAt = (await world.panel(call)).proof?.provedAt;
    expect((await world.panel(call)).endedProof).toBeUndefined();
    world.clock.advance(60_000);
    await hangUp();
    const endedProof = { provedAt, endedAt: new Date(world.clock.now()).toISOString() };
    for (const reader of [world.ana, world.lead]) {
      const panel = await world.panel(call, reader);
      expect(panel.endedProof).toEqual(endedProof);
      expect(JSON.stringify(panel)).not.toMatch(/Anna|C-1001|cus_|prf_/);
      const { interactions } = await callRoute(world.routes, listInteractions, {
        caller: reader,
        query: {},
      });
      expect(interactions[0]).toMatchObject({ callerProved: false, endedProof });
    }
  });

  it('says of a call on which nobody proved that nobody did', async () => {
    await world.ask(call, ANNA);
    await hangUp();
    const panel = await world.panel(call);
    expect(panel.endedProof).toBeUndefined();
    expect(panel.nextStep).toBe('The call has ended. The caller had not proved who they are.');
  });

  it('withdraws the open request', async () => {
    await world.ask(call, ANNA);
    await hangUp();
    expect(await world.ledger.last('proof.refused')).toMatchObject({
      facts: { because: 'call-ended' },
    });
    expect((await world.panel(call)).proofRequest?.state).toBe('cancelled');
  });

  it('can be brought about by its own agent only', async () => {
    const end = (caller: typeof world.ana) =>
      callRoute(world.routes, closeInteraction, { caller, params: { interactionId: call } });
    await expect(end(world.ben)).rejects.toMatchObject({ code: 'access.denied' });
    await expect(end(world.lead)).rejects.toMatchObject({ code: 'access.denied' });
    await end(world.ana);
    expect((await world.panel(call)).state).toBe('ended');
  });

  it('does not happen by halves: when the grants cannot be ended, nothing is', async () => {
    await world.prove(call, ANNA, world.annas);
    const push = world.endedGrants.push;
    world.endedGrants.push = () => {
      throw new Error('the sessions are down');
    };
    await expect(hangUp()).rejects.toThrow('the sessions are down');
    world.endedGrants.push = push;
    expect(await world.panel(call)).toMatchObject({ state: 'live', callerProved: true });
    expect(await world.ledger.entries('interaction.ended')).toHaveLength(0);
  });
});

describe('facts for decisions', () => {
  async function gather(name: string, resource: { type: string; id: string }, more: object = {}) {
    const provider = world.interactions.factsProviders.find((one) => one.name === name);
    const subject = { type: 'Staff', id: world.ana.subjectId } as const;
    return provider?.gather({ subject, action: 'account:read', resource, ...more });
  }
  const on = (id: string) => ({ type: 'Interaction', id });

  it('say nothing about a call that does not exist', async () => {
    for (const name of ['interaction', 'caseFile', 'proof']) {
      expect(await gather(name, on(strangerId('int')))).toBeUndefined();
      expect(await gather(name, { type: 'Account', id: ANNA })).toBeUndefined();
    }
  });

  it('say whose call it is, what the case is, and how old the proof', async () => {
    await world.prove(call, ANNA, world.annas);
    world.clock.advance(61_500);
    expect((await gather('interaction', on(call)))?.values).toEqual({
      state: 'live',
      assignedToSubject: true,
      sameDesk: true,
      wrongCodes: 0,
      overSeconds: 0,
    });
    expect((await gather('caseFile', on(call)))?.values).toEqual({
      type: 'billing',
      open: true,
      ofNoCall: false,
    });
    const proof = await gather('proof', { type: 'Account', id: ANNA }, { interactionId: call });
    expect(proof?.values).toEqual({
      ageSeconds: 61,
      acr: 'phr',
      purpose: 'billing',
      customerMatchesResource: true,
      settled: true,
    });
    expect(proof?.causes).toEqual([(await world.ledger.last('proof.bound')).evidenceId]);
    const other = await gather('proof', { type: 'Account', id: BO }, { interactionId: call });
    expect(other?.values['customerMatchesResource']).toBe(false);
  });

  it('say that the call is not somebody else’s, nor of their desk', async () => {
    const subject = { type: 'Staff', id: world.ben.subjectId } as const;
    const facts = await gather('interaction', on(call), { subject });
    expect(facts?.values).toEqual({
      state: 'ringing',
      assignedToSubject: false,
      sameDesk: false,
      wrongCodes: 0,
      overSeconds: 0,
    });
  });

  it('say how long it has been over, and nothing where a clock went back', async () => {
    await hangUp();
    world.clock.advance(61_500);
    expect((await gather('interaction', on(call)))?.values['overSeconds']).toBe(61);
    world.clock.advance(-120_000);
    expect((await gather('interaction', on(call)))?.values).not.toHaveProperty('overSeconds');
  });

  it('have no proof after the end of the call, also by a grant that is still around', async () => {
    await world.prove(call, ANNA, world.annas);
    const { caseId, proof } = await world.panel(call);
    const grantId = newId('grt', world);
    world.grants.set(grantId, {
      grantId,
      sessionId: world.ana.sessionId,
      subjectId: world.ana.subjectId,
      interactionId: call,
      caseId: caseId!,
      proofId: proof!.proofId,
      actions: ['account:read'],
      programs: [],
      live: true,
      expiresAtMs: world.clock.now() + 300_000,
      evidenceId: proof!.evidenceId,
    });
    const account = { type: 'Account', id: ANNA };
    expect((await gather('proof', account, { grantId }))?.values['customerMatchesResource']).toBe(
      true,
    );
    await hangUp();
    expect(await gather('proof', account, { grantId })).toBeUndefined();
    expect((await gather('caseFile', account, { grantId }))?.values['open']).toBe(false);
    expect((await gather('interaction', account, { grantId }))?.values['state']).toBe('ended');
  });
});
