import { generateDpopKeys, type DpopKeys } from '@proofline/enforce/client';
import { newId, type Id } from '@proofline/kernel';
import type { Action, ServiceRecord } from '@proofline/protocol';
import { migrations } from '@proofline/sessions';
import type { Storage } from '@proofline/storage';
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { callAsAdmin } from '../testing/application-client.ts';
import { ConsoleClient, fetchTo } from '../testing/console-client.ts';
import { createWorld, gatewayOrigin, issuerUrl, type World } from '../testing/world.ts';

const [summaries, invoices, usages, far] = ['summaries', 'invoices', 'usages', 'far'].map(
  (name) => `https://${name}.example`,
) as [string, string, string, string];
const reads: readonly Action[] = ['grant:issue', 'account:read', 'invoice:read'];

let storage: Storage;
let world: World;
let agent: ConsoleClient;
let staffToken: string;
let caseId: Id<'cse'>;

beforeAll(async () => {
  storage = await openTestStorage(migrations);
  world = await createWorld(storage, { resourceOrigins: [summaries, invoices, usages, far] });
});
beforeEach(async () => {
  agent = await ConsoleClient.create(world);
  staffToken = (await agent.signIn(world.anna)).access_token;
  caseId = newId('cse', world.ports);
  world.basis.found = {
    interactionId: newId('int', world.ports),
    proofId: newId('prf', world.ports),
    proofEvidenceId: newId('evt', world.ports),
    customerId: newId('cus', world.ports),
    accountNumber: 'MH-10001',
  };
});
afterAll(async () => {
  await world.close();
  await storage.close();
});

/** An assistant that is registered, and the key that its tokens are bound to. */
interface Assistant {
  readonly id: Id<'svc'>;
  readonly kid: string;
  readonly config: oidc.Configuration;
  readonly keys: DpopKeys;
}

async function register(serves: readonly string[], over: object = {}): Promise<Assistant> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const { serviceId: id } = await callAsAdmin<ServiceRecord>(world, 'services.register', {
    body: {
      name: `Assistant ${jwk.x?.slice(0, 6)}`,
      purpose: 'Sums up what a case is about.',
      role: 'assistant',
      ownerId: world.bela,
      scopes: reads,
      audiences: [gatewayOrigin, summaries, invoices, usages, far],
      serves,
      ratePerMinute: 1_000,
      proves: 'dpop',
      key: { jwk },
      ...over,
    },
  });
  const proof = oidc.PrivateKeyJwt({ key: pair.privateKey, kid });
  const config = await oidc.discovery(new URL(issuerUrl), id, undefined, proof, {
    [oidc.customFetch]: fetchTo(world.port),
    execute: [oidc.allowInsecureRequests],
  });
  config.timeout = 10;
  return { id, kid, config, keys: await generateDpopKeys() };
}

const actions = ['account:read', 'invoice:read', 'usage:read'];
const details = (over: object = {}) => [
  { type: 'proofline_case', case_id: caseId, actions, ...over },
];
const grantFor = async (resource: string) =>
  (await agent.exchange(staffToken, details(), { resource })).access_token;
const exchange = (by: Assistant, token: string, more: Record<string, string> = {}) =>
  oidc.genericGrantRequest(
    by.config,
    'urn:ietf:params:oauth:grant-type:token-exchange',
    {
      subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: gatewayOrigin,
      ...more,
    },
    { DPoP: oidc.getDPoPHandle(by.config, by.keys) },
  );
const errorOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'no error',
    (error: { error?: string }) => error.error ?? String(error),
  );

/** What the PDP is told of who acts, and whether the grant lives. */
async function factsOf(token: string, more: { readonly acting?: readonly string[] } = {}) {
  const { sub, sid, grant_id: grantId } = decodeJwt(token);
  const asked = {
    subject: { type: 'Staff', id: sub! },
    action: 'invoice:read',
    resource: { type: 'Account', id: 'MH-10001' },
    sessionId: sid as Id<'ses'>,
    grantId: grantId as Id<'grt'>,
    ...more,
  };
  const gather = async (name: string) =>
    (await world.sessions.facts.find((one) => one.name === name)!.gather(asked))?.values;
  return { chain: await gather('chain'), grant: await gather('grant') };
}

describe('a program that was called with a grant', () => {
  it('gets one of its own for the next API: for whom, who acts, no longer and no wider', async () => {
    const [one, two] = [await register([summaries]), await register([invoices])];
    const called = await grantFor(summaries);
    const got = await exchange(one, called, { resource: invoices });
    const first = decodeJwt(got.access_token);
    const before = decodeJwt(called);
    expect(first).toMatchObject({
      sub: world.anna,
      sid: before['sid'],
      aud: invoices,
      client_id: one.id,
      act: { sub: one.id },
      cnf: { jkt: await calculateJwkThumbprint(await exportJWK(one.keys.publicKey)) },
      authorization_details: [{ case_id: caseId, actions: ['account:read', 'invoice:read'] }],
    });
    expect(first.exp!).toBeLessThanOrEqual(before.exp!);
    const further = await exchange(two, got.access_token);
    expect(decodeJwt(further.access_token)).toMatchObject({
      aud: gatewayOrigin,
      client_id: two.id,
      act: { sub: two.id, act: { sub: one.id } },
    });
    const entry = world.evidence.findLast(({ kind }) => kind === 'grant.issued');
    expect(entry).toMatchObject({
      refs: { parentId: first['grant_id'], caseId },
      subjects: { actor: world.anna, service: two.id },
      facts: { programs: [one.id, two.id], audience: gatewayOrigin },
    });
    expect(await factsOf(further.access_token)).toMatchObject({
      chain: {
        live: true,
        asIssued: true,
        first: { id: one.id, role: 'assistant', permitsAction: true, owned: true },
        second: { id: two.id },
      },
      grant: { live: true, permitsAction: true },
    });
  });

  it('is not one that it was not called with, nor one for an API that is another’s', async () => {
    const [one, other] = [await register([summaries]), await register([usages])];
    const called = await grantFor(summaries);
    expect(await errorOf(exchange(other, called))).toBe('invalid_grant');
    expect(await errorOf(exchange(one, staffToken))).toBe('invalid_grant');
    expect(await errorOf(exchange(one, await grantFor(gatewayOrigin)))).toBe('invalid_grant');
    expect(await errorOf(exchange(one, 'nothing'))).toBe('invalid_grant');
    const [head, payload] = called.split('.');
    expect(await errorOf(exchange(one, `${head}.${payload}.${'A'.repeat(86)}`))).toBe(
      'invalid_grant',
    );
    // Nobody acts who serves nothing, and no other kind of program is let in.
    expect(await errorOf(exchange(await register([]), called))).toBe('invalid_request');
    const gateway = { role: 'gateway', scopes: ['result:report'] };
    await expect(register([summaries], gateway)).rejects.toMatchObject({ code: 'service.terms' });
    await expect(register(['https://elsewhere.example'])).rejects.toMatchObject({
      code: 'service.terms',
    });
  });

  it('gets nothing wider: no other case, action, API or time', async () => {
    const one = await register([summaries], { audiences: [gatewayOrigin] });
    const called = await grantFor(summaries);
    const wants = (over: object) => ({ authorization_details: JSON.stringify(details(over)) });
    const refused = 'invalid_authorization_details';
    const otherCase = { case_id: newId('cse', world.ports) };
    expect(await errorOf(exchange(one, called, wants(otherCase)))).toBe(refused);
    // In the grant and no scope; a scope and not in the grant; neither.
    for (const action of ['usage:read', 'order:read', 'refund:initiate'])
      expect(await errorOf(exchange(one, called, wants({ actions: [action] })))).toBe(refused);
    const narrow = await exchange(one, called, wants({ actions: ['invoice:read'] }));
    expect(await factsOf(narrow.access_token)).toMatchObject({ grant: { permitsAction: true } });
    expect(decodeJwt(narrow.access_token)['authorization_details']).toMatchObject([
      { actions: ['invoice:read'] },
    ]);
    for (const resource of [summaries, invoices, `${issuerUrl.replace('/oidc', '')}/api`])
      expect(await errorOf(exchange(one, called, { resource }))).toBe('invalid_target');
  });

  it('leaves an entry where it asks for more than it was called for, once a minute for each reason', async () => {
    const one = await register([summaries], { audiences: [gatewayOrigin] });
    const called = await grantFor(summaries);
    const more = { authorization_details: JSON.stringify(details({ actions: ['order:read'] })) };
    const refused = () =>
      world.evidence.filter(
        ({ kind, subjects }) => kind === 'grant.refused' && subjects?.['service'] === one.id,
      );
    for (const asked of [more, { resource: invoices }, more])
      expect(await errorOf(exchange(one, called, asked))).not.toBe('no error');
    const parent = { refs: { parentId: decodeJwt(called)['grant_id'], caseId } };
    expect(refused()).toMatchObject([
      { ...parent, facts: { because: 'wider', programs: [one.id] } },
      { ...parent, facts: { because: 'not-its-api', programs: [one.id] } },
    ]);
    // What it asked for may be anything, and is not repeated.
    expect(JSON.stringify(refused())).not.toMatch(/order:read|invoices/);
    world.clock.advance(61_000);
    const later = await grantFor(summaries);
    expect(await errorOf(exchange(one, later, more))).toBe('invalid_authorization_details');
    expect(refused()).toHaveLength(3);
  });

  it('asks no more often than its rate, and what is refused costs as much', async () => {
    const one = await register([summaries], { ratePerMinute: 2 });
    const called = await grantFor(summaries);
    const more = { authorization_details: JSON.stringify(details({ actions: ['order:read'] })) };
    // A minute of the rate that begins here.
    world.clock.advance(60_000);
    const got: string[] = [];
    for (let asked = 0; asked < 4; asked += 1) got.push(await errorOf(exchange(one, called, more)));
    const [wider, often] = ['invalid_authorization_details', 'access_denied'];
    expect(got).toEqual([wider, wider, often, often]);
  });

  it('never stands in a chain twice, nor in a fourth place', async () => {
    const one = await register([summaries, usages]);
    const two = await register([invoices]);
    const three = await register([far]);
    const four = await register([usages]);
    const grant = await grantFor(summaries);
    const a = await exchange(one, grant, { resource: invoices });
    const round = await exchange(two, a.access_token, { resource: usages });
    expect(await errorOf(exchange(one, round.access_token))).toBe('invalid_grant');
    const b = await exchange(two, a.access_token, { resource: far });
    const c = await exchange(three, b.access_token, { resource: usages });
    expect(await errorOf(exchange(four, c.access_token))).toBe('invalid_grant');
  });

  it('has none without a proof of its own key, nor when the policies do not let it', async () => {
    const one = await register([summaries]);
    const called = await grantFor(summaries);
    const bare = oidc.genericGrantRequest(
      one.config,
      'urn:ietf:params:oauth:grant-type:token-exchange',
      {
        subject_token: called,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource: gatewayOrigin,
      },
    );
    expect(await errorOf(bare)).toBe('invalid_dpop_proof');
    world.pdp.permits = false;
    expect(await errorOf(exchange(one, called))).toBe('access_denied');
    world.pdp.permits = true;
    // Who was refused is the program: its colleague asked for nothing.
    expect(world.evidence.at(-1)).toMatchObject({
      kind: 'grant.refused',
      refs: { parentId: decodeJwt(called)['grant_id'], caseId },
      subjects: { actor: world.anna, service: one.id },
      facts: { because: 'denied', programs: [one.id], audience: gatewayOrigin },
    });
    world.basis.found = { ...world.basis.found!, proofId: newId('prf', world.ports) };
    expect(await errorOf(exchange(one, called))).toBe('access_denied');
  });
});

describe('a chain', () => {
  /** One that has been built of two programs. */
  async function built() {
    const [one, two] = [await register([summaries]), await register([invoices])];
    const called = await grantFor(summaries);
    const { access_token: middle } = await exchange(one, called, { resource: invoices });
    const { access_token: token } = await exchange(two, middle);
    return { one, two, called, middle, token };
  }

  it('ends with the session, at the next question, and nothing is exchanged any more', async () => {
    const { one, called, token } = await built();
    const { sid } = decodeJwt(token);
    await world.sessions.registry.endSession(sid as Id<'ses'>, 'revoked', world.bela);
    expect(await factsOf(token)).toMatchObject({ grant: { live: false } });
    expect(await errorOf(exchange(one, called))).toBe('invalid_grant');
  });

  it('ends with the grant before it', async () => {
    const { middle, one, called, token } = await built();
    const interactionId = world.basis.found!.interactionId;
    await storage.transaction((tx) =>
      world.sessions.registry.endGrantsOf(tx, interactionId, 'call-ended', []),
    );
    for (const grant of [called, middle, token])
      expect(await factsOf(grant)).toMatchObject({ grant: { live: false } });
    expect(await errorOf(exchange(one, called))).toBe('invalid_grant');
  });

  it('ends with a program that is suspended, and with a key that is retired, wherever it stands', async () => {
    const { one, two, middle, token } = await built();
    await callAsAdmin(world, 'services.suspend', { params: { serviceId: one.id } });
    expect(await factsOf(token)).toMatchObject({
      chain: { live: false, asIssued: true, first: { permitsAction: false } },
    });
    expect(await errorOf(exchange(two, middle))).toBe('invalid_grant');
    await callAsAdmin(world, 'services.resume', { params: { serviceId: one.id } });
    expect(await factsOf(token)).toMatchObject({ chain: { live: true } });
    const params = { serviceId: one.id, kid: one.kid };
    await callAsAdmin(world, 'services.retire-key', { params });
    expect(await factsOf(token)).toMatchObject({ chain: { live: false } });
    expect(await errorOf(exchange(two, middle))).toBe('invalid_grant');
  });

  it.each([
    ['where it goes on to', 'two', { audiences: [far] }],
    ['where it went on to, in the middle', 'one', { audiences: [gatewayOrigin] }],
    ['where it is called', 'one', { serves: [] }],
    ['the scope that it exchanges by', 'one', { without: ['grant:issue'] }],
  ] as const)('ends with what was taken from its program: %s (P6)', async (_what, from, body) => {
    const by = 'without' in body ? 'services.narrow' : 'services.widen';
    const { middle, token, ...programs } = await built();
    expect(await factsOf(token)).toMatchObject({ chain: { live: true } });
    await callAsAdmin(world, by, { params: { serviceId: programs[from].id }, body });
    expect(await factsOf(token)).toMatchObject({ chain: { live: false, asIssued: true } });
    expect(await errorOf(exchange(programs.two, middle))).not.toBe('no error');
  });

  it('is what was issued: forged, dropped, added and reordered ones are another', async () => {
    const { one, two, token } = await built();
    const told = async (...acting: string[]) => (await factsOf(token, { acting })).chain;
    expect(await told(two.id, one.id)).toMatchObject({ asIssued: true });
    const stranger = newId('svc', world.ports);
    for (const acting of [[], [two.id], [one.id, two.id], [two.id, one.id, one.id], [stranger]])
      expect(await told(...acting)).toMatchObject({ asIssued: false, first: { id: one.id } });
    expect(await told(two.id, one.id, stranger)).toMatchObject({
      asIssued: false,
      third: { id: stranger, permitsAction: false },
    });
    // What is no id of a program may be somebody’s name, and is nowhere repeated.
    expect(await told(two.id, one.id, 'maria.lopez@example.com')).toMatchObject({
      asIssued: false,
      third: { id: 'unknown', permitsAction: false },
    });
    // Under a grant of the colleague’s own, nobody acts, whoever says so.
    const own = await grantFor(gatewayOrigin);
    expect((await factsOf(own)).chain).toBeUndefined();
    expect((await factsOf(own, { acting: [one.id] })).chain).toMatchObject({ asIssued: false });
  });

  it('stands as acting for its own colleague only, and no bystander’s scope is used by being named', async () => {
    const { one, two, token } = await built();
    const { sid, sub, grant_id: grantId } = decodeJwt(token);
    const bystander = await register([usages]);
    const chain = world.sessions.facts.find(({ name }) => name === 'chain')!;
    const asked = {
      subject: { type: 'Staff', id: sub! },
      action: 'invoice:read',
      resource: { type: 'Account', id: 'MH-10001' },
      sessionId: sid as Id<'ses'>,
      grantId: grantId as Id<'grt'>,
    };
    const named = { ...asked, acting: [bystander.id, two.id, one.id] };
    const acting = { firstProgram: one.id, secondProgram: two.id };
    expect((await chain.gather(named))?.subjects).toEqual(acting);
    const { services } = await callAsAdmin<{ services: ServiceRecord[] }>(world, 'services.list');
    const used = (id: string) =>
      services
        .find(({ serviceId }) => serviceId === id)
        ?.scopes.find(({ action }) => action === 'invoice:read')?.lastUsedAt;
    expect(used(two.id)).toBeDefined();
    expect(used(bystander.id)).toBeUndefined();
    const other = { ...asked, subject: { type: 'Staff', id: world.bela } };
    const { values, subjects = {} } = (await chain.gather(other))!;
    expect(subjects).toEqual({});
    expect(values).toMatchObject({ live: false, asIssued: false, first: { id: 'unknown' } });
    expect(JSON.stringify(values)).not.toContain(one.id);
  });
});
