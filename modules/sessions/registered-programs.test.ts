import {
  addServiceKey,
  listServices,
  narrowService,
  registerService,
  removeService,
  resumeService,
  retireServiceKey,
  suspendService,
  widenService,
  type Route,
  type ServiceRecord,
} from '@proofline/protocol';
import { signRequest } from '@proofline/enforce/client';
import { newId } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, type JWK } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import { createServiceDirectory } from './programs/create-service-directory.ts';
import { ConsoleClient, fetchTo } from './testing/console-client.ts';
import { billingOrigin, createWorld, issuerUrl, staffOrigin, type World } from './testing/world.ts';

let storage: Storage;
let world: World;
let client: ConsoleClient;

beforeAll(async () => {
  storage = await openTestStorage(migrations);
});
afterAll(() => storage.close());
beforeEach(async () => {
  world = await createWorld(storage);
  client = await ConsoleClient.create(world);
  return () => world.close();
});

interface Pair {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly kid: string;
}

async function newPair(alg: 'ES256' | 'EdDSA' = 'ES256'): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, kid: await calculateJwkThumbprint(jwk) };
}

/** Calls a handler as the edge does after a permit. */
async function call(route: Route, input: object = {}): Promise<ServiceRecord> {
  const mounted = world.sessions.routes.find((one) => one.route.id === route.id);
  const caller = { kind: 'staff', subjectId: world.anna, roles: ['security-admin'] };
  const decision = { evidenceId: newId('evt', world.ports) };
  // What the edge hands over, and what the contract says of the answer.
  return (await mounted!.handler({ caller, decision, ...input } as never)) as ServiceRecord;
}

const terms = (pair: Pair, over: object = {}) => ({
  name: 'Night reports',
  purpose: 'Reports results of the night run.',
  role: 'gateway' as const,
  ownerId: world.bela,
  scopes: ['result:report', 'decision:evaluate'],
  ratePerMinute: 100,
  proves: 'dpop' as const,
  key: { jwk: pair.jwk },
  ...over,
});
const register = (pair: Pair, over: object = {}) =>
  call(registerService, { body: terms(pair, over) });

interface Signing {
  readonly token?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as the edge hands it over, signed by that key. */
async function signed(pair: Pair, { token, url, headers }: Signing = {}) {
  const target = `${staffOrigin}/access/v1/evaluation`;
  const authorization = token === undefined ? undefined : `Bearer ${token}`;
  const own = await signRequest(
    pair,
    { method: 'POST', url: target, ...(authorization && { authorization }) },
    world.ports,
  );
  const all: Record<string, string | undefined> = { authorization, ...own, ...headers };
  return {
    method: 'POST',
    url: url ?? target,
    target: url ?? target,
    authorization,
    dpop: all['dpop'],
    header: (name: string) => all[name],
    cookie: () => undefined,
  };
}
const asService = (request: Awaited<ReturnType<typeof signed>>) =>
  world.sessions.authenticate.service(request);

async function tokenOf(serviceId: string, pair: Pair, parameters: Record<string, string> = {}) {
  const config = await oidc.discovery(
    new URL(issuerUrl),
    serviceId,
    undefined,
    oidc.PrivateKeyJwt({ key: pair.privateKey, kid: pair.kid }),
    { [oidc.customFetch]: fetchTo(world.port), execute: [oidc.allowInsecureRequests] },
  );
  config.timeout = 10;
  const { bare, ...others } = parameters;
  const dpop = bare ? {} : { DPoP: oidc.getDPoPHandle(config, client.keys) };
  return (await oidc.clientCredentialsGrant(config, others, dpop)).access_token;
}
const authenticate = async (token: string) =>
  world.sessions.authenticate.service(await client.apiRequest(token));
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) =>
      error instanceof oidc.ResponseBodyError ? error.error : (error as { code: string }).code,
  );
async function factsOf(serviceId: string, action: string) {
  const provider = world.sessions.facts.find(({ name }) => name === 'service')!;
  const subject = { type: 'Service', id: serviceId };
  const found = await provider.gather({ subject, action, resource: { type: 'X', id: '*' } });
  return found?.values;
}
const found = async (serviceId: string) => {
  const all = (await call(listServices)) as unknown as { services: ServiceRecord[] };
  return all.services.find((one) => one.serviceId === serviceId);
};

test('a registered service acts with its own key, within its scopes, and its use is seen', async () => {
  const pair = await newPair();
  const service = await register(pair);
  expect(service).toMatchObject({
    state: 'active',
    origin: 'registered',
    keys: [{ state: 'live' }],
  });
  expect(service).not.toHaveProperty('lastUsedAt');
  const token = await tokenOf(service.serviceId, pair);
  expect(decodeJwt(token)).toMatchObject({
    aud: `${staffOrigin}/api`,
    sub: service.serviceId,
    service_kid: pair.kid,
  });
  expect(await authenticate(token)).toMatchObject({
    subjectId: service.serviceId,
    role: 'gateway',
  });
  const facts = { role: 'gateway', permitsAction: true, owned: true };
  expect(await factsOf(service.serviceId, 'result:report')).toEqual(facts);
  const outside = await factsOf(service.serviceId, 'access-request:submit');
  expect(outside).toEqual({ ...facts, permitsAction: false });
  await world.sessions.flushServiceUse();
  const seen = await found(service.serviceId);
  expect(seen?.lastUsedAt).toBeDefined();
  expect(seen?.keys[0]?.lastUsedAt).toBeDefined();
  const used = Object.fromEntries(seen!.scopes.map((one) => [one.action, one.lastUsedAt]));
  expect(used['result:report']).toBeDefined();
  expect(used['decision:evaluate']).toBeUndefined();
  // A scope that nobody used for a month is proposed to be taken away, and the other is not.
  world.clock.advance(31 * 86_400_000);
  await factsOf(service.serviceId, 'result:report');
  const later = await found(service.serviceId);
  expect(later?.scopes.filter(({ unused }) => unused).map(({ action }) => action)).toEqual([
    'decision:evaluate',
  ]);
  expect(world.evidence.at(-1)).toMatchObject({
    kind: 'service.registered',
    subjects: { actor: world.anna, service: service.serviceId },
    facts: { kid: pair.kid, scopes: ['result:report', 'decision:evaluate'] },
  });
});

test('a key rotates with an overlap, and a retired one takes its tokens with it', async () => {
  const [old, next, third] = [await newPair(), await newPair('EdDSA'), await newPair()];
  const { serviceId } = await register(old);
  const before = await tokenOf(serviceId, old);
  const both = await call(addServiceKey, {
    params: { serviceId },
    body: { key: { jwk: next.jwk } },
  });
  expect(both.keys.map(({ state }) => state)).toEqual(['live', 'live']);
  expect(both.keys.find(({ kid }) => kid === old.kid)?.retireAfter).toBeDefined();
  const after = await tokenOf(serviceId, next);
  expect(await refusal(authenticate(before))).toBe('none');
  expect(await refusal(tokenOf(serviceId, old))).toBe('none');
  const more = { params: { serviceId }, body: { key: { jwk: third.jwk } } };
  expect(await refusal(call(addServiceKey, more))).toBe('service.two-keys');
  await call(retireServiceKey, { params: { serviceId, kid: old.kid } });
  expect(await refusal(authenticate(before))).toBe('token.invalid');
  expect(await refusal(tokenOf(serviceId, old))).toBe('invalid_client');
  expect(await refusal(authenticate(after))).toBe('none');
  // What was retired never comes back, not for another service either.
  const again = { params: { serviceId }, body: { key: { jwk: old.jwk } } };
  expect(await refusal(call(addServiceKey, again))).toBe('service.key-taken');
  expect(await refusal(register(old))).toBe('service.key-taken');
  // A rotation that nobody completes ends by itself.
  await call(addServiceKey, more);
  world.clock.advance(8 * 86_400_000);
  const states = (await found(serviceId))?.keys.map(({ kid, state }) => [kid === third.kid, state]);
  expect(states).toEqual(expect.arrayContaining([[true, 'live']]));
  expect(states?.filter(([, state]) => state === 'live')).toHaveLength(1);
});

test('P6: a suspended service stops at once here, and within a second elsewhere', async () => {
  const pair = await newPair();
  const { serviceId } = await register(pair);
  const token = await tokenOf(serviceId, pair);
  const other = createServiceDirectory({
    clock: world.clock,
    storage,
    tenant: 'test',
    serviceClients: [],
    peers: () => ({ findStaff: async () => ({ active: true, roles: [] }) }) as never,
  });
  expect(await other.find(serviceId)).toBeDefined();
  await call(suspendService, { params: { serviceId } });
  expect(await refusal(authenticate(token))).toBe('token.invalid');
  expect(await refusal(tokenOf(serviceId, pair))).toBe('invalid_client');
  expect(await factsOf(serviceId, 'result:report')).toBeUndefined();
  world.clock.advance(1_000);
  expect(await other.find(serviceId)).toBeUndefined();
  await call(resumeService, { params: { serviceId } });
  expect(await refusal(authenticate(await tokenOf(serviceId, pair)))).toBe('none');
  await call(removeService, { params: { serviceId } });
  expect(await refusal(tokenOf(serviceId, pair))).toBe('invalid_client');
  expect(await found(serviceId)).toBeUndefined();
  expect(await world.sessions.serviceName(serviceId)).toBe('Night reports');
  expect(await refusal(call(resumeService, { params: { serviceId } }))).toBe('service.unknown');
});

test('narrowing acts at the next decision and gives nothing; widening keeps to the kind', async () => {
  const { serviceId } = await register(await newPair());
  const params = { serviceId };
  expect(await factsOf(serviceId, 'decision:evaluate')).toMatchObject({ permitsAction: true });
  await call(narrowService, { params, body: { without: ['decision:evaluate'] } });
  expect(await factsOf(serviceId, 'decision:evaluate')).toMatchObject({ permitsAction: false });
  const nothingLeft = { params, body: { without: ['result:report'] } };
  expect(await refusal(call(narrowService, nothingLeft))).toBe('service.terms');
  const faster = { params, body: { without: [], ratePerMinute: 101 } };
  expect(await refusal(call(narrowService, faster))).toBe('service.terms');
  const left = newId('stf', world.ports);
  world.inactive.add(left);
  for (const body of [
    { scopes: ['result:report', 'interaction:start'] },
    { audiences: ['https://evil.example'] },
    { ownerId: left },
  ]) {
    expect(await refusal(call(widenService, { params, body }))).toBe('service.terms');
  }
  await call(widenService, { params, body: { scopes: ['decision:evaluate'] } });
  expect(await factsOf(serviceId, 'decision:evaluate')).toMatchObject({ permitsAction: true });
  expect(await factsOf(serviceId, 'result:report')).toMatchObject({ permitsAction: false });
});

test('whose owner has left is listed first, and counts for less', async () => {
  const { serviceId } = await register(await newPair());
  await register(await newPair(), { ownerId: world.anna });
  world.inactive.add(world.bela);
  world.clock.advance(1_000);
  expect(await factsOf(serviceId, 'result:report')).toMatchObject({ owned: false });
  const all = (await call(listServices)) as unknown as { services: ServiceRecord[] };
  expect(all.services[0]).toMatchObject({ owner: { active: false } });
  expect(all.services.at(-1)).toMatchObject({
    origin: 'configured',
    serviceId: world.service.clientId,
  });
  const { serviceId: ofSettings } = all.services.at(-1)!;
  const params = { serviceId: ofSettings };
  expect(await refusal(call(suspendService, { params }))).toBe('service.unknown');
});

test('a token is for an audience that the service has, and never more often than it may', async () => {
  const pair = await newPair();
  const { serviceId } = await register(pair, { ratePerMinute: 2 });
  expect(await refusal(tokenOf(serviceId, pair, { resource: billingOrigin }))).toBe(
    'invalid_target',
  );
  const audiences = [`${staffOrigin}/api`, billingOrigin];
  await call(widenService, { params: { serviceId }, body: { audiences } });
  const elsewhere = await tokenOf(serviceId, pair, { resource: billingOrigin });
  expect(decodeJwt(elsewhere).aud).toBe(billingOrigin);
  expect(await refusal(authenticate(elsewhere))).toBe('token.invalid');
  const token = await tokenOf(serviceId, pair);
  expect(await refusal(authenticate(token))).toBe('none');
  expect(await refusal(authenticate(token))).toBe('none');
  expect(await refusal(authenticate(token))).toBe('service.rate');
  world.clock.advance(60_000);
  expect(await refusal(authenticate(await tokenOf(serviceId, pair)))).toBe('none');
  // An audience that is taken away takes its tokens with it, and a signature alone names none (P2).
  const [held, signer] = [await tokenOf(serviceId, pair), await newPair()];
  const body = { audiences: [billingOrigin] };
  await call(widenService, { params: { serviceId }, body });
  expect(await refusal(authenticate(held))).toBe('token.invalid');
  await register(signer, { proves: 'signature', ...body });
  expect(await refusal(asService(await signed(signer)))).toBe('token.invalid');
});

test('no key is taken but a public one of the two kinds, and no assertion that names none', async () => {
  const pair = await newPair();
  const [kty, crv] = ['EC', 'P-256'];
  const x = 'A'.repeat(43);
  for (const key of [
    { jwk: await exportJWK(pair.privateKey) },
    { jwk: { kty, crv, x } },
    { jwk: { kty, crv, x, y: x } },
    { jwk: { kty: 'OKP', crv, x, y: x } },
    { certificate: `-----BEGIN CERTIFICATE-----\n${'A'.repeat(200)}\n-----END CERTIFICATE-----` },
  ]) {
    expect(await refusal(register(pair, { key }))).toBe('service.key-invalid');
  }
  expect(world.evidence.filter(({ kind }) => kind.startsWith('service.'))).toEqual([]);
  const { serviceId } = await register(pair);
  const nameless = { ...pair, kid: undefined as unknown as string };
  expect(await refusal(tokenOf(serviceId, nameless))).toBe('invalid_client');
  const stranger = { ...(await newPair()), kid: pair.kid };
  expect(await refusal(tokenOf(serviceId, stranger))).toBe('invalid_client');
});

test('a service that signs its requests needs no token, and its token is bound to the same key', async () => {
  const pair = await newPair('EdDSA');
  const { serviceId } = await register(pair, { proves: 'signature' });
  expect(await found(serviceId)).toMatchObject({ proves: 'signature' });
  expect(world.evidence.at(-1)?.facts).toMatchObject({ proves: 'signature' });
  expect(await asService(await signed(pair))).toMatchObject({ subjectId: serviceId });
  const token = await tokenOf(serviceId, pair, { bare: 'yes' });
  expect(decodeJwt(token)).toMatchObject({ cnf: { jwk: pair.jwk }, service_kid: pair.kid });
  expect(await asService(await signed(pair, { token }))).toMatchObject({ subjectId: serviceId });
  expect((await found(serviceId))?.keys[0]?.lastUsedAt).toBeDefined();
  // Once, in every process.
  for (const held of [undefined, token]) {
    const request = await signed(pair, held === undefined ? {} : { token: held });
    expect(await refusal(asService(request))).toBe('none');
    expect(await refusal(asService(request))).toBe('token.proof-replayed');
    const elsewhere = world.other().authenticate.service(request);
    expect(await refusal(elsewhere)).toBe('token.proof-replayed');
  }
  const late = await signed(pair);
  world.clock.advance(60_000);
  expect(await refusal(asService(late))).toBe('token.proof-invalid');
  // A key that was retired signs nothing, and takes its tokens with it.
  const next = await newPair();
  await call(addServiceKey, { params: { serviceId }, body: { key: { jwk: next.jwk } } });
  await call(retireServiceKey, { params: { serviceId, kid: pair.kid } });
  expect(await refusal(asService(await signed(pair)))).toBe('token.proof-invalid');
  expect(await refusal(asService(await signed(pair, { token })))).toBe('token.invalid');
  expect(await refusal(asService(await signed(next)))).toBe('none');
  await call(suspendService, { params: { serviceId } });
  expect(await refusal(asService(await signed(next)))).toBe('token.proof-invalid');
});

test('P2: a service proves itself in the one way that it was registered with, and as itself', async () => {
  const [mine, theirs, byDpop] = [await newPair(), await newPair(), await newPair()];
  const { serviceId } = await register(mine, { proves: 'signature', ratePerMinute: 1 });
  const other = await register(theirs, { proves: 'signature' });
  const { serviceId: ofDpop } = await register(byDpop);
  // By DPoP, for one that signs, and the other way round; at the issuer as well.
  expect(await refusal(tokenOf(serviceId, mine))).toBe('invalid_dpop_proof');
  expect(await refusal(tokenOf(ofDpop, byDpop, { bare: 'yes' }))).toBe('invalid_grant');
  expect(await refusal(asService(await signed(byDpop)))).toBe('token.proof-invalid');
  const bound = await tokenOf(ofDpop, byDpop);
  expect(await refusal(asService(await signed(byDpop, { token: bound })))).toBe(
    'token.proof-invalid',
  );
  const token = await tokenOf(serviceId, mine, { bare: 'yes' });
  expect(await refusal(authenticate(token))).toBe('token.proof-invalid');
  // With neither, with both, with another’s, and with a key that has signed for somebody else.
  const bearer = { ...(await signed(mine, { token })), header: () => undefined };
  expect(await refusal(asService(bearer))).toBe('token.invalid');
  const { dpop } = await client.apiRequest(token);
  for (const held of [{ token }, {}]) {
    const both = await signed(mine, { ...held, headers: { dpop } });
    expect(await refusal(asService(both))).toBe('token.proof-invalid');
  }
  expect(await refusal(asService(await signed(theirs, { token })))).toBe('token.proof-invalid');
  const swapped = await signed(mine);
  const { signature = '' } = { signature: (await signed(theirs)).header('signature') };
  const header = (name: string) => (name === 'signature' ? signature : swapped.header(name));
  expect(await refusal(asService({ ...swapped, header }))).toBe('token.proof-invalid');
  const url = `${staffOrigin}/access/v1/evaluation?more`;
  expect(await refusal(asService(await signed(mine, { url })))).toBe('token.proof-invalid');
  expect(await refusal(asService(await signed({ ...mine, kid: theirs.kid })))).toBe(
    'token.proof-invalid',
  );
  expect(await refusal(asService(await signed(await newPair())))).toBe('token.proof-invalid');
  // Nothing of that was counted, and none of it is a person’s.
  expect(await asService(await signed(mine))).toMatchObject({ subjectId: serviceId });
  expect(await refusal(asService(await signed(mine)))).toBe('service.rate');
  expect(await asService(await signed(theirs))).toMatchObject({ subjectId: other.serviceId });
  const asStaff = world.sessions.authenticate.staff(await signed(theirs));
  expect(await refusal(asStaff)).toBe('token.missing');
});
