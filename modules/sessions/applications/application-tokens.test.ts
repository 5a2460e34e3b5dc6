import { decodeJwt, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDpopProof, generateDpopKeys } from '@proofline/enforce/client';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import {
  ApplicationClient,
  callAsAdmin,
  draftOf,
  toolCallback,
} from '../testing/application-client.ts';
import { ConsoleClient } from '../testing/console-client.ts';
import { createWorld, issuerUrl, type World } from '../testing/world.ts';

let storage: Storage;
let world: World;
beforeAll(async () => {
  storage = await openTestStorage(migrations);
});
afterAll(() => storage.close());
beforeEach(async () => {
  world = await createWorld(storage);
  return () => world.close();
});

const api = 'https://shifts.example/api';
const errorOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
    return 'no error';
  } catch (error) {
    if (error instanceof oidc.WWWAuthenticateChallengeError)
      return error.cause[0]?.parameters.error;
    return error instanceof oidc.ResponseBodyError ? error.error : String(error);
  }
};

describe('a token for an API of others', () => {
  const together = async () => {
    const tool = await ApplicationClient.create(world, { settings: { asksFor: [api] } });
    const server = await ApplicationClient.create(world, { settings: { serves: [api] } });
    const tokens = await tool.signIn(world.anna, { resource: api, acr: 'phrh' });
    return { tool, server, token: tokens.access_token };
  };
  const isActive = async (asker: ApplicationClient, token: string) =>
    (await oidc.tokenIntrospection(asker.config, token)).active;

  it('says to whom the API belongs who proved themselves, how strongly and when', async () => {
    const { server, token, tool } = await together();
    const told = await oidc.tokenIntrospection(server.config, token);
    expect(told).toMatchObject({
      active: true,
      aud: api,
      client_id: tool.clientId,
      sub: world.anna,
      acr: 'phrh',
      auth_time: expect.any(Number),
      amr: ['pop', 'hwk', 'user'],
      cnf: { jkt: expect.any(String) },
    });
    expect(told.exp! - told.iat!).toBeLessThanOrEqual(300);
    expect(await errorOf(tool.userInfo(token, world.anna))).not.toBe('no error');
  });

  it('is worth nothing in the eyes of whoever else asks', async () => {
    const { token } = await together();
    const curious = await ApplicationClient.create(world, { settings: { serves: [`${api}/`] } });
    const keyless = await ApplicationClient.create(world, {
      settings: { proof: { method: 'none' } },
    });
    expect(await oidc.tokenIntrospection(curious.config, token)).toEqual({ active: false });
    expect(await oidc.tokenIntrospection(keyless.config, token)).toEqual({ active: false });
    expect(await oidc.tokenIntrospection(curious.config, 'unknown')).toEqual({ active: false });
  });

  it('ends with its session, its colleague, its application: at the next question', async () => {
    const { server, token, tool } = await together();
    world.inactive.add(world.anna);
    expect(await isActive(server, token)).toBe(false);
    world.inactive.delete(world.anna);
    const one = { params: { applicationId: tool.clientId } };
    await callAsAdmin(world, 'applications.suspend', one);
    expect(await isActive(server, token)).toBe(false);
    await callAsAdmin(world, 'applications.resume', one);
    // What was given before the suspension does not come back; what is given after it is good.
    expect(await isActive(server, token)).toBe(false);
    const begun = await tool.authorize({ resource: api, prompt: 'none' });
    const { access_token: later } = await tool.redeem(begun, begun.location);
    expect(await isActive(server, later)).toBe(true);
    const [session] = await world.sessions.registry.liveSessionsOf(world.anna);
    await world.sessions.registry.endSession(session!.sessionId, 'revoked', world.bela);
    expect(await isActive(server, later)).toBe(false);
  });

  it('is given back by whom it was issued to, and by nobody else; the session stays', async () => {
    const { server, token, tool } = await together();
    await oidc.tokenRevocation(server.config, token);
    expect(await isActive(server, token)).toBe(true);
    await oidc.tokenRevocation(tool.config, token);
    expect(await isActive(server, token)).toBe(false);
    expect(await world.sessions.registry.liveSessionsOf(world.anna)).toHaveLength(1);
  });

  it('is for an API that is registered, and for one alone', async () => {
    const { tool } = await together();
    for (const resource of [`${api}/`, 'https://other.example/api', issuerUrl])
      expect(await errorOf(tool.authorize({ resource }))).toBe('invalid_target');
  });
});

describe('what an application was given', () => {
  const oneOf = (tool: ApplicationClient) => ({ params: { applicationId: tool.clientId } });
  const draftOfOne = ({ application }: ApplicationClient) => {
    const { name, policy, realm, settings, version } = application;
    return { name, policy, realm, settings, version };
  };
  const worthOf = (tool: ApplicationClient, { access_token: token }: oidc.TokenEndpointResponse) =>
    errorOf(tool.userInfo(token, world.anna));

  it('is worth nothing once it has another key or policy: tokens, and codes not redeemed yet', async () => {
    const key = await exportJWK((await generateKeyPair('ES256')).publicKey);
    const changes = [
      { change: { settings: draftOf(key).settings }, refusedAs: 'invalid_client' },
      { change: { policy: { acr: 'phrh' } }, refusedAs: 'invalid_grant' },
    ];
    for (const { change, refusedAs } of changes) {
      const tool = await ApplicationClient.create(world);
      const begun = await tool.authorize();
      const code = await tool.answer(begun, world.anna);
      const silent = await tool.authorize({ prompt: 'none' });
      const tokens = await tool.redeem(begun, code);
      expect(await worthOf(tool, tokens)).toBe('no error');
      const body = { ...draftOfOne(tool), ...change };
      await callAsAdmin(world, 'applications.change', { ...oneOf(tool), body });
      expect(await worthOf(tool, tokens)).toBe('invalid_token');
      expect(await errorOf(tool.redeem(silent, silent.location))).toBe(refusedAs);
    }
  });

  it('stays worth nothing when a suspended application goes on', async () => {
    const tool = await ApplicationClient.create(world);
    const tokens = await tool.signIn(world.anna);
    await callAsAdmin(world, 'applications.suspend', oneOf(tool));
    await callAsAdmin(world, 'applications.resume', oneOf(tool));
    expect(await worthOf(tool, tokens)).toBe('invalid_token');
    const again = await tool.authorize({ prompt: 'none' });
    expect(await worthOf(tool, await tool.redeem(again, again.location))).toBe('no error');
  });

  it('by a code goes when that comes twice, and nothing else of its user does', async () => {
    const console_ = await ConsoleClient.create(world);
    const own = await console_.signIn(world.anna);
    const tool = await ApplicationClient.create(world, { browser: console_.browser });
    const begin = () => tool.authorize({ prompt: 'none' });
    const [first, twice, waiting] = [await begin(), await begin(), await begin()];
    const kept = await tool.redeem(first, first.location);
    const lost = await tool.redeem(twice, twice.location);
    const worth = ({ access_token: token }: typeof kept) =>
      errorOf(tool.userInfo(token, world.anna));
    expect([await worth(kept), await worth(lost)]).toEqual(['no error', 'no error']);
    for (let time = 0; time < 2; time += 1)
      expect(await errorOf(tool.redeem(twice, twice.location))).toBe('invalid_grant');
    expect([await worth(kept), await worth(lost)]).toEqual(['no error', 'invalid_token']);
    expect(await worth(await tool.redeem(waiting, waiting.location))).toBe('no error');
    await world.sessions.authenticate.staff(await console_.apiRequest(own.access_token));
    const told = world.evidence.filter(({ kind }) => kind === 'application.code-replayed');
    expect(told).toMatchObject([
      {
        refs: { applicationId: tool.clientId, sessionId: decodeJwt(own.access_token)['sid'] },
        subjects: { owner: world.anna },
      },
    ]);
  });
});

describe('a signed request', () => {
  const claimsOf = (tool: ApplicationClient) => ({
    client_id: tool.clientId,
    response_type: 'code',
    redirect_uri: toolCallback,
    scope: 'openid',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
    iss: tool.clientId,
    aud: issuerUrl,
  });
  const sign = (claims: object, key: CryptoKey) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'oauth-authz-req+jwt' })
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(key);
  const open = async (tool: ApplicationClient, parameters: Record<string, string>) => {
    const query = new URLSearchParams({ client_id: tool.clientId, ...parameters });
    const answer = await tool.browser.go(`${issuerUrl}/auth?${query}`);
    return answer.headers.location ?? answer.text;
  };

  it('is taken when the application itself signed it, and nothing in its place', async () => {
    const settings = { signedRequests: true, pushedRequests: false };
    const tool = await ApplicationClient.create(world, { settings });
    const other = await ApplicationClient.create(world);
    const claims = claimsOf(tool);
    expect(await open(tool, { request: await sign(claims, tool.key) })).toMatch(/^\/sign-in\//);
    const [head, , signature] = (await sign(claims, tool.key)).split('.');
    const changed = { ...claims, redirect_uri: 'https://evil.example/' };
    const payload = Buffer.from(JSON.stringify(changed)).toString('base64url');
    const forged = [
      await sign(claims, other.key),
      new UnsecuredJWT({ ...claims }).encode(),
      `${head}.${payload}.${signature}`,
      await sign({ ...claims, client_id: other.clientId }, tool.key),
      await sign({ ...claims, aud: 'https://other.example' }, tool.key),
      await sign({ ...claims, redirect_uri: 'https://evil.example/' }, tool.key),
    ];
    for (const request of forged) expect(await open(tool, { request })).not.toMatch(/sign-in\//);
    const { iss: _iss, aud: _aud, ...plain } = claims;
    expect(await open(tool, plain)).not.toMatch(/sign-in\//);
  });

  it('is signed with a key: an application without one registers none', async () => {
    const settings = { signedRequests: true, proof: { method: 'none' as const } };
    await expect(ApplicationClient.create(world, { settings })).rejects.toMatchObject({
      code: 'application.unusable',
    });
  });
});

describe('a bound token', () => {
  it('is worth nothing with another key, without one, or with a proof that was used', async () => {
    const tool = await ApplicationClient.create(world);
    const { access_token: accessToken } = await tool.signIn(world.anna);
    const url = `${issuerUrl}/me`;
    const show = async (dpop: string | undefined, scheme = 'DPoP') => {
      const headers = { authorization: `${scheme} ${accessToken}`, ...(dpop && { dpop }) };
      return (await tool.browser.go(url, { headers })).status;
    };
    const prove = (keys: typeof tool.keys) =>
      createDpopProof(keys, { method: 'GET', url, accessToken }, world.ports);
    const proof = await prove(tool.keys);
    expect(await show(proof)).toBe(200);
    expect(await show(proof)).toBeGreaterThanOrEqual(400);
    expect(await show(await prove(await generateDpopKeys()))).toBeGreaterThanOrEqual(400);
    expect(await show(undefined, 'Bearer')).toBeGreaterThanOrEqual(400);
    expect(await exportJWK(tool.key)).toHaveProperty('d');
  });

  it('comes with the issuer’s name, so that no other issuer’s code is taken for it', async () => {
    const tool = await ApplicationClient.create(world);
    const begun = await tool.authorize();
    const callback = await tool.answer(begun, world.anna);
    expect(callback.searchParams.get('iss')).toBe(issuerUrl);
    callback.searchParams.set('iss', 'https://evil.example');
    expect(await errorOf(tool.redeem(begun, callback))).not.toBe('no error');
  });
});
