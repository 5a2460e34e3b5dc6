import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { sql } from 'kysely';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { newId } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import { ConsoleClient } from './testing/console-client.ts';
import { createCustomersSide, errorOf } from './testing/customers-side.ts';
import { createWorld, issuerUrl, redirectUri, staffOrigin, type World } from './testing/world.ts';

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

const good = {
  client_id: 'console',
  response_type: 'code',
  redirect_uri: redirectUri,
  scope: 'openid',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
};

describe('the issuer', () => {
  // The first one: the library would warn once in a process.
  it('takes the body that was read for it, and writes no warning about that', async () => {
    const warnings = (['info', 'warn', 'error'] as const).map((level) => vi.spyOn(console, level));
    const answer = await client.browser.go(`${staffOrigin}/oidc/request`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(good).toString(),
    });
    expect(answer.status).toBe(201);
    for (const warning of warnings) expect(warning).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
  it('bounds what it reads', async () => {
    const post = (body: string, url = `${staffOrigin}/oidc/request`) =>
      client.browser.go(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect((await post(`client_id=console&x=${'y'.repeat(40_000)}`)).status).toBe(413);
    expect((await post('', `${staffOrigin}/oidc/token?${'y'.repeat(5000)}`)).status).toBe(413);
    expect((await post('', `${staffOrigin}/elsewhere`)).status).toBe(404);
  });
  it('keeps no long state or nonce for anybody', async () => {
    const push = async (more: Record<string, string>) => {
      const { status, text } = await client.browser.go(`${staffOrigin}/oidc/request`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...good, ...more }).toString(),
      });
      return `${status} ${String((JSON.parse(text) as { error?: string }).error)}`; // RFC 6749 §5.2
    };
    for (const name of ['state', 'nonce']) {
      expect(await push({ [name]: 'x'.repeat(512) })).toBe('201 undefined');
      expect(await push({ [name]: 'x'.repeat(513) })).toBe('400 invalid_request');
      const query = `client_id=console&${name}=${'x'.repeat(513)}`;
      const asked = await client.browser.go(`${staffOrigin}/oidc/auth?${query}`);
      expect(asked.status).toBe(400);
    }
  });
});

/** A client's word for itself, with a proof by a new key: somebody who copied it has no other. */
async function askAsService(assertion: string): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const dpop = await new SignJWT({ htm: 'POST', htu: `${issuerUrl}/token`, jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) })
    .setIssuedAt()
    .sign(privateKey);
  const { status, text } = await client.browser.go(`${issuerUrl}/token`, {
    method: 'POST',
    headers: { dpop, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: world.service.clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }).toString(),
  });
  return `${status} ${String((JSON.parse(text) as { error?: string }).error)}`; // RFC 6749 §5.2
}

const assertionFor = (seconds: number) =>
  new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(world.service.clientId)
    .setSubject(world.service.clientId)
    .setAudience(issuerUrl)
    .setIssuedAt()
    .setExpirationTime(Math.floor(world.clock.now() / 1000) + seconds)
    .sign(world.service.privateKey);

describe('a client’s assertion', () => {
  it('is good once, also when the database has lost what may be lost in a crash', async () => {
    const assertion = await assertionFor(200);
    expect(await askAsService(assertion)).toBe('200 undefined');
    expect(await askAsService(assertion)).toBe('401 invalid_client');
    await sql`truncate oidc_transients`.execute(storage.db);
    expect(await askAsService(assertion)).toBe('401 invalid_client');
  });
  it('is good for five minutes at most', async () => {
    expect(await askAsService(await assertionFor(290))).toBe('200 undefined');
    expect(await askAsService(await assertionFor(330))).toBe('401 invalid_client');
  });
});

describe('whose calls they are', () => {
  /** What the customers’ issuer answers its caller, call by call. */
  const listen = () => {
    const { settledResults } = vi.spyOn(world.sessions, 'customersIssuer').mock;
    onTestFinished(() => void vi.restoreAllMocks());
    return () => settledResults.map(({ value }) => value as unknown);
  };
  const cora = () => newId('cus', world.ports);

  it('is said of a client that has proved itself, by its key or with its token', async () => {
    const shop = await createCustomersSide(world).portal();
    const said = listen();
    const tokens = await shop.signIn(cora());
    await shop.userInfo(tokens.access_token, tokens.claims()?.sub ?? '');
    const { clientId } = shop;
    // Pushed; the browser, to the page and back; redeemed; asked who it is.
    const all = [clientId, undefined, undefined, clientId, clientId];
    await vi.waitFor(() => expect(said()).toEqual(all), { timeout: 10_000 });
  });

  it('is not said of one that has no key, or shows another’s', async () => {
    const side = createCustomersSide(world);
    const [shop, other] = [await side.portal(), await side.portal()];
    const open = await side.portal({ settings: { kind: 'native', proof: { method: 'none' } } });
    const forged = new oidc.Configuration(
      shop.config.serverMetadata(),
      shop.clientId,
      undefined,
      oidc.PrivateKeyJwt(other.key),
    );
    forged[oidc.customFetch] = shop.config[oidc.customFetch]!;
    oidc.allowInsecureRequests(forged);
    const said = listen();
    const asked = { redirect_uri: 'https://tool.example/callback', scope: 'openid' };
    const pushed = oidc.buildAuthorizationUrlWithPAR(forged, asked);
    expect(await errorOf(pushed)).toBe('invalid_client');
    const tokens = await open.signIn(cora());
    await open.userInfo(tokens.access_token, tokens.claims()?.sub ?? '');
    const none = Array.from({ length: 6 }, () => undefined);
    await vi.waitFor(() => expect(said()).toEqual(none), { timeout: 10_000 });
  });
});
