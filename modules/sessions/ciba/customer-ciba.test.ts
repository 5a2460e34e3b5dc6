import { newId, type Id } from '@proofline/kernel';
import type { CustomerSignInRequest, OidcSettings } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import type { ApplicationClient } from '../testing/application-client.ts';
import { createCustomersSide, errorOf } from '../testing/customers-side.ts';
import { createWorld, type World } from '../testing/world.ts';
import { fetchAnswer, hint } from './testing/asking.ts';

let storage: Storage;
let world: World;
let side: ReturnType<typeof createCustomersSide>;
beforeAll(async () => {
  storage = await openTestStorage(migrations);
  world = await createWorld(storage);
  side = createCustomersSide(world);
});
afterAll(async () => {
  await world.close();
  await storage.close();
});

const poll: Partial<OidcSettings> = { backchannel: { delivery: 'poll' } };
const asked = () => world.sessions.customerSignInRequests;
let number = 0;

/** A customer at their own page, whose browser was never at the issuer. */
async function cora() {
  number += 1;
  const customerId = newId('cus', world.ports);
  const accountNumber = `HX-2${number}`;
  world.accountHolders.set(accountNumber, customerId);
  const authenticatorId = newId('ath', world.ports);
  const { sessionId } = await storage.transaction((tx) =>
    world.sessions.customerSessions.start(tx, {
      customerId,
      acr: 'phr',
      authenticatorId,
      authenticatorEvidenceId: newId('evt', world.ports),
    }),
  );
  return { customerId, accountNumber, authenticatorId, sessionId };
}
type Cora = Awaited<ReturnType<typeof cora>>;

const ask = (app: ApplicationClient, login_hint: string, more: Record<string, string> = {}) =>
  oidc.initiateBackchannelAuthentication(app.config, {
    scope: 'openid account',
    binding_message: 'Branch 4, code 7391',
    login_hint,
    ...more,
  });

async function only({ customerId }: Pick<Cora, 'customerId'>): Promise<CustomerSignInRequest> {
  const { requests } = await asked().list(customerId);
  const [request, ...others] = requests;
  if (!request || others.length > 0) throw new Error(`${requests.length} requests wait`);
  return request;
}

async function allow(who: Cora, by: Partial<Cora> = {}): Promise<Id<'evt'> | undefined> {
  const { authenticatorId, customerId: subjectId, sessionId } = { ...who, ...by };
  const { requestId } = await only(who);
  const commit = await asked().prepareAllowing({ requestId, subjectId });
  const login = { acr: 'phr', amr: ['pop', 'user'], authenticatorId } as const;
  const authenticatorEvidenceId = newId('evt', world.ports);
  const proof = { signature: 'x' };
  return (
    commit &&
    storage.transaction((tx) => commit(tx, { sessionId, login, authenticatorEvidenceId, proof }))
  );
}

/** From a request to tokens. */
async function tokensOf(app: ApplicationClient, who: Cora, more: Record<string, string> = {}) {
  const { auth_req_id: id } = await ask(app, who.accountNumber, more);
  if (!(await allow(who))) throw new Error('it was not allowed');
  return fetchAnswer(app, id);
}

const subOf = (tokens: oidc.TokenEndpointResponse) => decodeJwt(tokens.id_token ?? '').sub ?? '';
const said = (kind: string, app: ApplicationClient) =>
  world.evidence.filter((one) => one.kind === kind && one.refs?.['applicationId'] === app.clientId);

describe('a sign-in that a customers’ application asks for elsewhere', () => {
  it('is answered at the own page, with an agreement and bound tokens under a name of its own', async () => {
    const [app, who] = [await side.portal({ settings: poll }), await cora()];
    const { auth_req_id: id, interval } = await ask(app, who.accountNumber);
    expect(interval).toBe(5);
    expect(await only(who)).toMatchObject({
      applicationName: app.application.name,
      host: 'tool.example',
      bindingMessage: 'Branch 4, code 7391',
      learns: ['account-number'],
      agreed: false,
    });
    // What it takes to tell them is no part of the application’s answer (P9).
    expect(world.asked).not.toContain(who.customerId);
    await Promise.all([world.sessions.tellCustomers(), world.sessions.tellCustomers()]);
    expect(world.asked.filter((one) => one === who.customerId)).toHaveLength(1);
    expect([await errorOf(fetchAnswer(app, id)), await errorOf(fetchAnswer(app, id))]).toEqual([
      'authorization_pending',
      'slow_down',
    ]);
    await allow(who);
    const tokens = await fetchAnswer(app, id);
    expect(tokens.token_type).toBe('dpop');
    const sub = subOf(tokens);
    expect(sub).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify([decodeJwt(tokens.id_token ?? ''), tokens])).not.toMatch(/cus_|ses_/);
    const told = await app.userInfo(tokens.access_token, sub);
    expect(told).toMatchObject({ sub, account_number: 'N-1001' });
    expect(told).not.toHaveProperty('name');
    const kinds = ['sign-in-request.allowed', 'application.consented', 'application.signed-in'];
    const [allowed, agreed, issued] = kinds.map((kind) => said(kind, app).at(-1));
    expect(agreed?.causes).toContain(allowed?.evidenceId);
    expect(agreed?.subjects).toEqual({ customer: who.customerId });
    expect(issued?.causes).toContain(agreed?.evidenceId);
    expect(JSON.stringify(allowed?.facts)).not.toContain('Branch 4');
    // The answer is fetched once.
    expect(await errorOf(fetchAnswer(app, id))).toBe('invalid_grant');
    expect(await errorOf(app.userInfo(tokens.access_token, sub))).toBe('invalid_token');
    expect(said('application.code-replayed', app)).toMatchObject([
      { refs: { sessionId: who.sessionId }, subjects: { customer: who.customerId } },
    ]);
    const more = await tokensOf(app, who);
    await world.sessions.registry.endSession(who.sessionId, 'signed-out');
    expect(await errorOf(app.userInfo(more.access_token, sub))).toBe('invalid_token');
  });

  it('ends with the agreement that it made, and one that is given again does not revive it', async () => {
    const [app, who] = [await side.portal({ settings: poll }), await cora()];
    const tokens = await tokensOf(app, who);
    const call = { params: { applicationId: app.clientId } };
    await side.callAs(who.customerId, 'customer.applications.withdraw', call);
    const use = () => errorOf(app.userInfo(tokens.access_token, subOf(tokens)));
    expect(await use()).toBe('invalid_token');
    const again = await tokensOf(app, who);
    expect(await use()).toBe('invalid_token');
    expect(await app.userInfo(again.access_token, subOf(again))).toMatchObject({
      account_number: 'N-1001',
    });
  });

  it('finds its customer by the name that it has for them, and by no other application’s', async () => {
    const [app, who] = [await side.portal({ settings: poll }), await cora()];
    const first = await tokensOf(app, who);
    const sub = subOf(first);
    const byName = { scope: 'openid' };
    await ask(app, sub, byName);
    expect((await only(who)).learns).toEqual([]);
    const token = { login_hint_token: await hintOf(app, sub) };
    await oidc.initiateBackchannelAuthentication(app.config, {
      ...byName,
      ...token,
      binding_message: 'By a token',
    });
    expect((await only(who)).bindingMessage).toBe('By a token');
    await oidc.initiateBackchannelAuthentication(app.config, {
      ...byName,
      id_token_hint: first.id_token ?? '',
      binding_message: 'By an ID token',
    });
    expect((await only(who)).bindingMessage).toBe('By an ID token');
    const other = await side.portal({
      settings: { ...poll, redirectUris: ['https://other.example/callback'] },
    });
    await ask(other, sub, byName);
    await ask(other, who.customerId, { scope: 'openid account' });
    expect((await only(who)).bindingMessage).toBe('By an ID token');
    expect(said('sign-in-request.asked', other).map(({ facts }) => facts?.['isShown'])).toEqual([
      false,
      false,
    ]);
  });

  it('is answered the same for whoever there is and whoever there is not', async () => {
    const [app, who] = [await side.portal({ settings: poll }), await cora()];
    const shape = async (login_hint: string, more = {}) => {
      const { auth_req_id: id, ...rest } = await ask(app, login_hint, more);
      return { ...rest, length: id.length, answer: await errorOf(fetchAnswer(app, id)) };
    };
    const known = await shape(who.accountNumber);
    expect(await shape('HX-99999')).toEqual(known);
    expect(await shape('x'.repeat(43), { scope: 'openid' })).toEqual(known);
    // With a yes it would know whose number that is: so it asks to be told it, whoever is meant.
    for (const login_hint of [who.accountNumber, 'HX-99999', who.customerId])
      expect(await errorOf(ask(app, login_hint, { scope: 'openid' }))).toBe('invalid_request');
    const silent = await side.portal({ settings: { ...poll, mayLearn: [] } });
    for (const login_hint of [who.accountNumber, 'HX-99999'])
      expect(await errorOf(ask(silent, login_hint))).toBe('invalid_scope');
  });

  it('tells by nothing that waits what its customer agrees to, or takes back', async () => {
    const [app, who] = [await side.portal({ settings: poll }), await cora()];
    const { auth_req_id: waiting } = await ask(app, 'HX-77777');
    const { auth_req_id: id } = await ask(app, who.accountNumber);
    world.clock.advance(6_000);
    // Meanwhile they sign in at its screen, and take it back.
    await app.signIn(who.customerId, { scope: 'openid account' });
    const before = await errorOf(fetchAnswer(app, id));
    const call = { params: { applicationId: app.clientId } };
    await side.callAs(who.customerId, 'customer.applications.withdraw', call);
    world.clock.advance(6_000);
    expect([before, await errorOf(fetchAnswer(app, id))]).toEqual([
      'authorization_pending',
      'authorization_pending',
    ]);
    expect(await errorOf(fetchAnswer(app, waiting))).toBe('authorization_pending');
  });

  it('is nobody’s to answer but the customer’s, in a session of theirs, and once', async () => {
    const [app, who, other] = [await side.portal({ settings: poll }), await cora(), await cora()];
    const { auth_req_id: id } = await ask(app, who.accountNumber);
    const { customerId, sessionId } = other;
    expect(await allow(who, { customerId })).toBeUndefined();
    expect(await allow(who, { sessionId })).toBeUndefined();
    expect(await asked().refuse({ ...(await only(who)), subjectId: customerId, sessionId })).toBe(
      false,
    );
    expect(await allow(who)).toBeDefined();
    await expect(allow(who)).rejects.toThrow('0 requests wait');
    const stranger = await side.portal({ settings: poll });
    expect(await errorOf(fetchAnswer(stranger, id))).toBe('invalid_grant');
    expect(await fetchAnswer(app, id)).toMatchObject({ token_type: 'dpop' });
  });

  it('is refused, silenced, and over when nobody answers; who is told, is told of each', async () => {
    const ping = { delivery: 'ping', toldAt: 'https://tool.example/told' } as const;
    const [app, who] = [await side.portal({ settings: { backchannel: ping } }), await cora()];
    const secret = { client_notification_token: 'n'.repeat(32) };
    const { auth_req_id: id } = await ask(app, who.accountNumber, secret);
    const { requestId } = await only(who);
    const of = { requestId, subjectId: who.customerId, sessionId: who.sessionId };
    expect(await asked().refuse({ ...of, silenceMinutes: 60 })).toBe(true);
    await world.sessions.deliverPings();
    expect(world.pings.told.at(-1)).toMatchObject({ url: ping.toldAt, authReqId: id });
    expect(await errorOf(fetchAnswer(app, id))).toBe('access_denied');
    await ask(app, who.accountNumber, secret);
    expect((await asked().list(who.customerId)).requests).toEqual([]);
    await asked().hearAgain({ ...of, applicationId: app.clientId });
    const { auth_req_id: late } = await ask(app, who.accountNumber, secret);
    expect((await asked().list(who.customerId)).requests).toHaveLength(1);
    world.clock.advance(181_000);
    await world.sessions.endOverdueRequests();
    expect(await errorOf(fetchAnswer(app, late))).toMatch(/expired_token|invalid_grant/);
    const expired = said('sign-in-request.expired', app).filter(
      ({ subjects }) => subjects?.['customer'] === who.customerId,
    );
    expect(expired.map(({ facts }) => facts?.['because'])).toEqual(['another-came', 'too-late']);
  });

  it('takes a key of the application’s own, and gives nothing for an API', async () => {
    const [app, who] = [await side.portal({ settings: poll }), await cora()];
    const unbound = side.portal({ settings: { ...poll, senderBound: false } });
    expect(await errorOf(unbound)).toBe('application.unusable');
    const keyless = side.portal({ settings: { ...poll, proof: { method: 'none' } } });
    expect(await errorOf(keyless)).toBe('application.unusable');
    const resource = { resource: 'https://api.example' };
    expect(await errorOf(ask(app, who.accountNumber, resource))).toBe('invalid_target');
    // One that only asks has no website, and each such one is its own.
    const menu = await side.portal({ settings: { ...poll, redirectUris: [] } });
    const tokens = await tokensOf(menu, who);
    expect(subOf(tokens)).not.toBe(subOf(await tokensOf(app, who)));
  });

  it('is told to the contact a few times a day, and stands on the page each time', async () => {
    const [app, other] = [
      await side.portal({ settings: poll }),
      await side.portal({ settings: { ...poll, redirectUris: [] } }),
    ];
    const who = await cora();
    const texts = () => world.asked.filter((one) => one === who.customerId).length;
    const shapes = new Set<string>();
    const askOnce = async (by: ApplicationClient) => {
      const { auth_req_id: id, ...rest } = await ask(by, who.accountNumber);
      shapes.add(JSON.stringify({ ...rest, length: id.length }));
      await world.sessions.tellCustomers();
      expect((await asked().list(who.customerId)).requests.length).toBeGreaterThan(0);
    };
    const askHourly = async (by: ApplicationClient, times: number) => {
      for (let n = 0; n < times; n += 1) {
        world.clock.advance(3_600_000);
        // What is forgotten meanwhile must not be what is counted.
        await world.sessions.endOverdueRequests();
        await askOnce(by);
      }
    };
    await askOnce(app);
    expect(texts()).toBe(1);
    const { requestId } = await only(who);
    await asked().refuse({ requestId, subjectId: who.customerId, sessionId: who.sessionId });
    // Whoever has answered is told of the next, and then of none while that one waits.
    world.clock.advance(60_000);
    for (const by of [app, other, app, other]) await askOnce(by);
    expect(texts()).toBe(2);
    await askHourly(app, 9);
    expect(texts()).toBe(6);
    await askHourly(other, 7);
    expect(texts()).toBe(10);
    world.clock.advance(86_400_000);
    await askOnce(app);
    expect(texts()).toBe(11);
    expect(shapes.size).toBe(1);
  });
});

const hintOf = (app: ApplicationClient, id: string) =>
  hint(app, { sub_id: { format: 'opaque', id } });
