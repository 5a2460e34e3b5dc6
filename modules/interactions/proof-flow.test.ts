import { callRoute } from '@proofline/customers/testing';
import { findAssertionFault, type StoredAssertion } from '@proofline/evidence';
import { newId, type Id } from '@proofline/kernel';
import {
  cancelProofRequest,
  createCallCode,
  listCases,
  listInteractions,
  readCustomerSelf,
  startInteraction,
  type StaffCaller,
} from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { aCallRings } from './testing/a-call-rings.ts';
import { strangerId, telephony } from './testing/interactions-world.ts';
import { ANNA, BO, type PopulatedWorld } from './testing/open-world.ts';

let world: PopulatedWorld;
let call: Id<'int'>;
aCallRings((scene) => ({ world, call } = scene));

describe('a call', () => {
  it('rings once, however often it is announced', async () => {
    const body = { externalId: 'ext-1', channel: 'call', agentId: world.ana.subjectId };
    const start = () => callRoute(world.routes, startInteraction, { caller: telephony, body });
    const [first, second] = await Promise.all([start(), start()]);
    expect(second).toEqual(first);
    const started = await world.ledger.entries('interaction.started');
    expect(
      started.filter((one) => one.refs?.['interactionId'] === first.interactionId),
    ).toHaveLength(1);
  });

  it('cannot be announced for somebody who does not work here, or moved to another agent', async () => {
    const announce = (externalId: string, agentId: string) =>
      callRoute(world.routes, startInteraction, {
        caller: telephony,
        body: { externalId, channel: 'call', agentId },
      });
    await announce('ext-1', world.ana.subjectId);
    await expect(announce('ext-1', world.ben.subjectId)).rejects.toMatchObject({
      code: 'request.malformed',
    });
    await expect(announce('ext-2', newId('stf', world))).rejects.toMatchObject({
      code: 'request.malformed',
    });
  });

  it('says who is proved: nobody, what that opens, and the one next step', async () => {
    const panel = await world.panel(call);
    expect(panel).toMatchObject({ state: 'ringing', callerProved: false, agentName: 'Ana Ruiz' });
    expect(panel.capabilities.every((one) => !one.allowed)).toBe(true);
    expect(panel.nextStep).toMatch(/^The caller is not proved\. Ask for the call code/);
  });

  it('is seen by its agent and the lead of its desk; anybody else’s looks like none', async () => {
    expect((await world.panel(call, world.lead)).interactionId).toBe(call);
    const foreign = await world.panel(call, world.ben).catch((error: unknown) => error);
    const unknown = await world
      .panel(strangerId('int'), world.ben)
      .catch((error: unknown) => error);
    expect(foreign).toMatchObject({ code: 'access.denied' });
    expect(foreign).toEqual(unknown);
    const list = (caller: typeof world.ana) =>
      callRoute(world.routes, listInteractions, { caller, query: {} });
    expect((await list(world.ana)).interactions).toHaveLength(1);
    expect((await list(world.lead)).interactions).toHaveLength(1);
    expect((await list(world.ben)).interactions).toHaveLength(0);
  });
});

describe('the agent starts', () => {
  it('asks the contact on file, reads a number out, and sees the proof at once', async () => {
    const request = await world.ask(call, ANNA);
    expect(request).toMatchObject({ startedBy: 'agent', state: 'open', purpose: 'billing' });
    await world.customers.messages.deliver();
    expect(world.phone.inbox.at(-1)).toMatchObject({
      to: { kind: 'sms', address: '+4670100' },
      link: expect.stringMatching(
        new RegExp(`^https://customers\\.example/confirm/${request.proofRequestId}#[\\w-]{43}$`),
      ),
    });
    expect((await world.panel(call)).nextStep).toContain(
      `Read this number out: ${request.matchingNumber}`,
    );
    world.clock.advance(10_000);
    const prompted = await world.prompt(request.proofRequestId, request.matchingNumber);
    world.events.length = 0;
    await world.answer(request.proofRequestId, await world.sign(world.annas, prompted));
    expect(world.events.map((event) => event.type)).toEqual([
      'proof-request.changed',
      'interaction.changed',
    ]);
    expect(await world.panel(call)).toMatchObject({
      state: 'live',
      callerProved: true,
      caseType: 'billing',
      proofRequest: { state: 'bound' },
      proof: { accountNumber: ANNA, customerName: 'Anna Ek', acr: 'phr' },
    });
  });

  it('is the only one who sees the number: who leads the desk sees that one is read out', async () => {
    const { matchingNumber = '' } = await world.ask(call, ANNA);
    expect((await world.panel(call)).proofRequest?.matchingNumber).toBe(matchingNumber);
    const seen = await world.panel(call, world.lead);
    expect(seen.proofRequest).toMatchObject({ state: 'open', startedBy: 'agent' });
    expect(seen.proofRequest?.matchingNumber).toBeUndefined();
    expect(seen.nextStep).toMatch(/^The agent reads a number out\./);
  });

  it('shows the customer who asks, for what, and on which call, and names nobody', async () => {
    const { proofRequestId } = await world.ask(call, ANNA);
    const context = await world.look(proofRequestId);
    expect(context).toMatchObject({
      state: 'open',
      company: 'Meridian',
      desk: 'Harbour',
      agentName: 'Ana Ruiz',
      purpose: 'billing',
      channel: 'call',
      needsNumber: true,
    });
    expect(JSON.stringify(context)).not.toMatch(/Anna|C-1001|4670100|cus_/);
  });

  it.each([
    ['not-me', /they are not calling\. Open nothing/],
    ['not-now', /does not want to confirm now/],
  ] as const)('hears “%s” when the customer says so', async (because, step) => {
    const { proofRequestId } = await world.ask(call, ANNA);
    await world.decline(proofRequestId, because);
    expect(await world.ledger.last('proof.refused')).toMatchObject({ facts: { because } });
    const panel = await world.panel(call);
    expect(panel.proofRequest?.state).toBe('declined');
    // A warning, where somebody says that it is not them.
    expect(panel.proofRequest?.contradicted).toBe(because === 'not-me' ? true : undefined);
    expect(panel.nextStep).toMatch(step);
  });

  it.each(['not-me', 'number-wrong'] as const)(
    'closes what was proved before, when the answer to a second request is “%s”',
    async (because) => {
      await world.prove(call, ANNA, world.annas);
      world.endedGrants.length = 0;
      const { proofRequestId, matchingNumber } = await world.ask(call, ANNA);
      const wrong = String((Number(matchingNumber) + 1) % 100).padStart(2, '0');
      if (because === 'not-me') await world.decline(proofRequestId, because);
      // The refusal itself is tested with the matching number.
      else await world.prompt(proofRequestId, wrong).catch(() => undefined);
      const refused = await world.ledger.last('proof.refused');
      expect(refused).toMatchObject({ facts: { because } });
      expect(await world.ledger.last('proof.ended')).toMatchObject({ facts: { because } });
      expect(world.endedGrants).toEqual([call]);
      const panel = await world.panel(call);
      expect(panel.proof).toBeUndefined();
      expect(panel.capabilities.every(({ allowed }) => !allowed)).toBe(true);
      expect(panel.nextStep).not.toMatch(/is proved/);
    },
  );

  it('keeps the proof when the customer only does not want to confirm again', async () => {
    await world.prove(call, ANNA, world.annas);
    const { proofRequestId } = await world.ask(call, ANNA);
    await world.decline(proofRequestId, 'not-now');
    expect((await world.panel(call)).proof).toBeDefined();
    // Why the record is shown in part is told to whom it is opened, and to nobody who looks on.
    expect((await world.panel(call)).fields).toHaveLength(1);
    expect((await world.panel(call, world.lead)).fields).toBeUndefined();
    expect(await world.ledger.entries('proof.ended')).toEqual([]);
  });

  it('may withdraw, once', async () => {
    await world.ask(call, ANNA);
    const cancel = () =>
      callRoute(world.routes, cancelProofRequest, {
        caller: world.ana,
        params: { interactionId: call },
      });
    await cancel();
    await expect(cancel()).rejects.toMatchObject({ code: 'proof.closed' });
    expect((await world.panel(call)).nextStep).toMatch(/^The request was withdrawn/);
  });

  it('is told when nobody answers, and the page says so too', async () => {
    const { proofRequestId } = await world.ask(call, ANNA);
    await world.customers.messages.deliver();
    world.clock.advance(120_000);
    expect(await world.interactions.sweepExpired()).toBe(1);
    expect(await world.interactions.sweepExpired()).toBe(0);
    expect(world.events.at(-1)).toMatchObject({
      type: 'proof-request.changed',
      interactionId: call,
    });
    expect((await world.panel(call)).nextStep).toMatch(/^Nobody confirmed in time/);
    const read = () => world.look(proofRequestId);
    expect((await read()).state).toBe('expired');
    world.clock.advance(11 * 60_000);
    await expect(read()).rejects.toMatchObject({ code: 'proof.closed' });
  });
});

describe('the customer starts', () => {
  it('reads a code to the agent, and the request appears on their own page', async () => {
    const caller = await world.customerCaller(ANNA);
    const { code } = await callRoute(world.routes, createCallCode, { caller });
    expect(code).toMatch(/^\d{6}$/);
    const self = () => callRoute(world.routes, readCustomerSelf, { caller });
    expect(await self()).toMatchObject({ greetingName: 'Anna', callCode: { code } });
    const request = await world.claim(call, `${code.slice(0, 3)} ${code.slice(3)}`);
    expect(request).toMatchObject({ startedBy: 'customer' });
    expect(request.matchingNumber).toBeUndefined();
    const after = await self();
    expect(after.callCode).toBeUndefined();
    expect(after.openRequest).toMatchObject({ needsNumber: false, agentName: 'Ana Ruiz' });
    const prompted = await world.prompt(request.proofRequestId, undefined, caller);
    const answer = await world.sign(world.annas, prompted);
    await world.answer(request.proofRequestId, answer, caller);
    expect((await world.look(request.proofRequestId, caller)).state).toBe('bound');
    expect((await world.panel(call)).proof?.accountNumber).toBe(ANNA);
    expect((await self()).openRequest).toBeUndefined();
  });

  it('is not sent a message: the page is open already', async () => {
    const sent = world.phone.inbox.length;
    await world.claim(call, await world.codeOf(ANNA));
    expect(await world.customers.messages.deliver()).toBe(0);
    expect(world.phone.inbox).toHaveLength(sent);
  });

  it('makes twelve codes an hour at most', async () => {
    for (let made = 0; made < 12; made += 1) await world.codeOf(ANNA);
    await expect(world.codeOf(ANNA)).rejects.toMatchObject({ code: 'request.too-many' });
  });
});

describe('a bound proof', () => {
  it('leaves an entry that anybody can verify again from its bytes', async () => {
    await world.prove(call, ANNA, world.annas);
    const entry = await world.ledger.last('proof.bound');
    const stored = entry.personal?.[0]?.fields['assertion'] as unknown as StoredAssertion;
    expect(findAssertionFault(stored)).toBeUndefined();
    expect(
      findAssertionFault({ ...stored, context: stored.context.replace('Ana', 'Eva') }),
    ).toBeDefined();
    expect(JSON.parse(stored.context)).toMatchObject({
      v: 1,
      tenant: 'acme',
      realm: 'https://customers.example',
      interactionId: call,
      agentId: world.ana.subjectId,
      purpose: 'billing',
    });
  });

  it('names what led to it, and nothing personal in the clear', async () => {
    await world.prove(call, ANNA, world.annas);
    const entry = await world.ledger.last('proof.bound');
    const causes = await Promise.all(
      (['proof.requested', 'interaction.started'] as const).map(
        async (kind) => (await world.ledger.last(kind)).evidenceId,
      ),
    );
    expect(entry.causes).toEqual(expect.arrayContaining(causes));
    const registered = await world.ledger.entries('authenticator.registered');
    expect(entry.causes).toContain(registered[0]?.evidenceId);
    const { personal, subjects, ...open } = entry;
    expect(personal?.[0]).toMatchObject({ retention: 'identity', subject: subjects?.['customer'] });
    expect(JSON.stringify(open)).not.toMatch(/Anna|Ana Ruiz|C-1001|4670100|cus_|stf_/);
  });

  it('can be renewed later in the same call, on the same case', async () => {
    await world.prove(call, ANNA, world.annas);
    const { caseId, proof } = await world.panel(call);
    world.clock.advance(301_000);
    await world.prove(call, ANNA, world.annas);
    const renewed = await world.panel(call);
    expect(renewed.caseId).toBe(caseId);
    expect(renewed.proof?.proofId).not.toBe(proof?.proofId);
    expect(await world.ledger.entries('case.opened')).toHaveLength(1);
  });

  it('for another purpose opens another case, and proves nothing for the first', async () => {
    await world.prove(call, ANNA, world.annas);
    const billing = (await world.panel(call)).caseId!;
    world.clock.advance(1_000);
    await world.ask(call, ANNA, { purpose: 'complaint' });
    const complaint = (await world.panel(call)).caseId!;
    expect(complaint).not.toBe(billing);
    const find = (caseId: Id<'cse'>) =>
      world.interactions.grantBasis.find({ subjectId: world.ana.subjectId, caseId });
    expect(await find(billing)).toMatchObject({ accountNumber: ANNA });
    expect(await find(complaint)).toBeUndefined();
  });
});

it('cases are listed to the agent of the call and to the lead of its desk, and to nobody else', async () => {
  await world.ask(call, ANNA);
  const { caseId } = await world.panel(call);
  const others = await world.ring(world.ben);
  await world.ask(others, BO, { caller: world.ben });
  const { caseId: othersCase } = await world.panel(others, world.ben);
  const seenBy = async (caller: StaffCaller) =>
    (await callRoute(world.routes, listCases, { caller, query: {} })).cases.map(
      (file) => file.caseId,
    );
  expect(await seenBy(world.ana)).toEqual([caseId]);
  expect(await seenBy(world.lead)).toEqual([caseId]);
  expect(await seenBy(world.ben)).toEqual([othersCase]);
});

it('cases of earlier days can be brought along, and open nothing', async () => {
  await world.interactions.importCases([
    { caseType: 'billing', openedAtMs: world.clock.now() - 1_000 },
    { caseType: 'complaint', openedAtMs: 0, closedAtMs: 5_000 },
  ]);
  const list = (query: object) => callRoute(world.routes, listCases, { caller: world.ana, query });
  expect((await list({})).cases).toHaveLength(2);
  const [open] = (await list({ state: 'open' })).cases;
  expect(open?.caseType).toBe('billing');
  expect(await list({ caseType: 'plan-change' })).toMatchObject({ cases: [] });
  const basis = { subjectId: world.ana.subjectId, caseId: open!.caseId };
  expect(await world.interactions.grantBasis.find(basis)).toBeUndefined();
});
