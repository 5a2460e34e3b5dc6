import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApplicationDraft, type Application } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import { ApplicationClient, callAsAdmin, toolCallback } from '../testing/application-client.ts';
import { Browser } from '../testing/browser.ts';
import { ConsoleClient } from '../testing/console-client.ts';
import { createWorld, issuerUrl, staffOrigin, type World } from '../testing/world.ts';

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

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError) return error.error;
    if (error instanceof oidc.WWWAuthenticateChallengeError)
      return error.cause[0]?.parameters.error;
    return error instanceof Error && 'code' in error ? error.code : String(error);
  }
}
const one = (tool: ApplicationClient) => ({ params: { applicationId: tool.clientId } });
/** What is registered, as it is sent to change it. */
const bodyOf = ({ application }: ApplicationClient) => ({
  ...ApplicationDraft.parse({
    name: application.name,
    realm: application.realm,
    policy: application.policy,
    settings: application.settings,
  }),
  version: application.version,
});

describe('a tool that is registered', () => {
  it('is told who signed in and how strongly, and each sign-in is evidence', async () => {
    const tool = await ApplicationClient.create(world);
    const tokens = await tool.signIn(world.anna, { acr: 'phrh' });
    const claims = tokens.claims();
    expect(claims).toMatchObject({ sub: world.anna, acr: 'phrh', sid: expect.any(String) });
    expect(claims?.auth_time).toBeTypeOf('number');
    expect(tokens.refresh_token).toBeUndefined();
    const info = await tool.userInfo(tokens.access_token, world.anna);
    expect(info).toMatchObject({ sub: world.anna, name: 'Anna Test' });
    const { settings } = tool.application;
    const redirectUris = [...settings.redirectUris, 'https://tool.example/elsewhere'];
    const body = { ...bodyOf(tool), settings: { ...settings, redirectUris } };
    await callAsAdmin(world, 'applications.change', { ...one(tool), body });
    const again = await tool.authorize({ prompt: 'none' });
    await tool.redeem(again, again.location);
    // A code is redeemed once, and so is in the log once.
    expect(await errorOf(tool.redeem(again, again.location))).toBe('invalid_grant');
    const told = world.evidence.filter(({ kind }) => kind === 'application.signed-in');
    const refs = { applicationId: tool.clientId, sessionId: claims?.['sid'] };
    expect(told).toMatchObject([
      { refs, facts: { acr: 'phrh', version: 1 } },
      { refs, facts: { acr: 'phrh', version: 2 } },
    ]);
    const changed = world.evidence.find(({ kind }) => kind === 'application.changed');
    expect(told[1]?.causes).toContain(changed?.evidenceId);
    const list = await callAsAdmin<{ applications: Application[] }>(world, 'applications.list');
    const listed = list.applications.find(({ applicationId }) => applicationId === tool.clientId);
    expect(listed?.lastUsedAt).toBeDefined();
  });

  it('gets a token that is worth nothing at our own API, nor for a grant', async () => {
    const tool = await ApplicationClient.create(world, { settings: { senderBound: false } });
    const tokens = await tool.signIn(world.anna);
    const console_ = await ConsoleClient.create(world);
    const request = await console_.apiRequest(tokens.access_token);
    expect(await errorOf(world.sessions.authenticate.staff(request))).toBe('token.invalid');
    expect(await errorOf(console_.exchange(tokens.access_token, []))).not.toBe('no error');
    const resource = `${staffOrigin}/api`;
    expect(await errorOf(tool.authorize({ resource }))).toBe('invalid_target');
  });

  it('shares the session with the console: nobody signs in twice', async () => {
    const console_ = await ConsoleClient.create(world);
    await console_.signIn(world.anna);
    const tool = await ApplicationClient.create(world, { browser: console_.browser });
    const begun = await tool.authorize({ prompt: 'none' });
    expect((await tool.redeem(begun, begun.location)).claims()?.sub).toBe(world.anna);
  });
});

describe('the policy of an application', () => {
  it('asks for its level, whatever the application asks for', async () => {
    const tool = await ApplicationClient.create(world, { policy: { acr: 'phrh' } });
    for (const parameters of [{}, { acr_values: 'phr' }, { acr_values: 'phr phrh' }]) {
      const begun = await tool.authorize(parameters);
      expect(await tool.page(begun)).toMatchObject({ acr: 'phrh' });
      expect(await errorOf(tool.answer(begun, world.anna, 'phr'))).toContain('bound to a device');
    }
    const begun = await tool.authorize({ acr_values: 'phr' });
    const tokens = await tool.redeem(begun, await tool.answer(begun, world.anna, 'phrh'));
    expect(tokens.claims()?.acr).toBe('phrh');
  });

  it('steps up a session that is too weak, or too old', async () => {
    const console_ = await ConsoleClient.create(world);
    await console_.signIn(world.anna);
    const { browser } = console_;
    const strong = await ApplicationClient.create(world, { browser, policy: { acr: 'phrh' } });
    const silent = await strong.authorize({ prompt: 'none' });
    expect(silent.location.searchParams.get('error')).toBe('login_required');
    const fresh = await ApplicationClient.create(world, {
      browser,
      policy: { acr: 'phr', maxAgeSeconds: 60 },
    });
    expect((await fresh.authorize()).location.searchParams.get('code')).not.toBeNull();
    world.clock.advance(61_000);
    for (const parameters of [{}, { max_age: '36000' }]) {
      const begun = await fresh.authorize(parameters);
      expect(await fresh.page(begun)).toMatchObject({ kind: 'step-up', maxAgeSeconds: 60 });
    }
  });

  it('lets an application ask for more, and never lets the impossible pass', async () => {
    const tool = await ApplicationClient.create(world);
    expect(await tool.page(await tool.authorize({ acr_values: 'phrh' }))).toMatchObject({
      acr: 'phrh',
    });
    const begun = await tool.authorize({ acr_values: 'urn:nobody:reaches' });
    expect(await errorOf(tool.answer(begun, world.anna, 'phrh'))).toContain('ceremony.refused');
  });
});

describe('an application that may not', () => {
  it('is refused at every endpoint while it is suspended, its tokens too, at once', async () => {
    const tool = await ApplicationClient.create(world);
    const begun = await tool.authorize();
    const code = await tool.answer(begun, world.anna);
    const silent = await tool.authorize();
    const tokens = await tool.redeem(silent, silent.location);
    await callAsAdmin(world, 'applications.suspend', one(tool));
    expect(await errorOf(tool.redeem(begun, code))).toBe('invalid_client');
    expect(await errorOf(tool.authorize())).toBe('invalid_client');
    expect(await errorOf(tool.userInfo(tokens.access_token, world.anna))).toBe('invalid_token');
    await callAsAdmin(world, 'applications.resume', one(tool));
    const resumed = await tool.authorize();
    expect((await tool.redeem(resumed, resumed.location)).claims()?.sub).toBe(world.anna);
    await callAsAdmin(world, 'applications.remove', one(tool));
    expect(await errorOf(tool.authorize())).toBe('invalid_client');
    expect(await errorOf(callAsAdmin(world, 'applications.resume', one(tool)))).toBe(
      'application.unknown',
    );
  });

  it('is called back where it is registered, to the letter', async () => {
    const pushing = await ApplicationClient.create(world);
    const plain = await ApplicationClient.create(world, { settings: { pushedRequests: false } });
    for (const redirect_uri of [
      `${toolCallback}/`,
      `${toolCallback}?a=b`,
      `${toolCallback}/../callback`,
      'https://tool.example.evil.example/callback',
      'https://tool.example@evil.example/callback',
      'https://TOOL.example/callback',
      'http://tool.example/callback',
      `${staffOrigin}/callback.html`,
    ]) {
      expect(await errorOf(pushing.authorize({ redirect_uri }))).toBe('invalid_request');
      const { location } = await plain.authorize({ redirect_uri });
      expect(location.href).toMatch(/^about:400.*invalid_redirect_uri/);
    }
  });

  it('cannot leave PKCE out, weaken it, or show another verifier', async () => {
    const tool = await ApplicationClient.create(world);
    expect(await errorOf(tool.authorize({ code_challenge_method: 'plain' }))).toBe(
      'invalid_request',
    );
    expect(await errorOf(tool.authorize({ code_challenge: '' }))).toBe('invalid_request');
    const begun = await tool.authorize();
    const code = await tool.answer(begun, world.anna);
    const other = { ...begun, verifier: oidc.randomPKCECodeVerifier() };
    expect(await errorOf(tool.redeem(other, code))).toBe('invalid_grant');
  });

  it('cannot use another one’s code', async () => {
    const tool = await ApplicationClient.create(world);
    const other = await ApplicationClient.create(world, { browser: tool.browser });
    const begun = await tool.authorize();
    const code = await tool.answer(begun, world.anna);
    expect(await errorOf(other.redeem(begun, code))).toBe('invalid_grant');
  });

  it('cannot sign with a key, or an algorithm, that is not registered', async () => {
    const tool = await ApplicationClient.create(world);
    const other = await ApplicationClient.create(world);
    const forge = (proof: oidc.ClientAuth) => {
      const config = new oidc.Configuration(
        tool.config.serverMetadata(),
        tool.clientId,
        undefined,
        proof,
      );
      config[oidc.customFetch] = tool.config[oidc.customFetch]!;
      oidc.allowInsecureRequests(config);
      return errorOf(
        oidc
          .initiateBackchannelAuthentication(config, {})
          .catch(() => oidc.buildAuthorizationUrlWithPAR(config, { redirect_uri: toolCallback })),
      );
    };
    expect(await forge(oidc.PrivateKeyJwt(other.key))).toBe('invalid_client');
    expect(await forge(oidc.None())).toBe('invalid_client');
    expect(await forge(oidc.ClientSecretPost('guess'))).toBe('invalid_client');
    expect(await forge(oidc.ClientSecretJwt('guess'))).toBe('invalid_client');
  });
});

describe('the registry', () => {
  it('changes what holds at the very next request, and says what was changed', async () => {
    const tool = await ApplicationClient.create(world);
    const body = { ...bodyOf(tool), policy: { acr: 'phrh' } };
    await callAsAdmin(world, 'applications.change', { ...one(tool), body });
    expect(await tool.page(await tool.authorize())).toMatchObject({ acr: 'phrh' });
    expect(await errorOf(callAsAdmin(world, 'applications.change', { ...one(tool), body }))).toBe(
      'application.stale',
    );
    expect(world.evidence.at(-1)).toMatchObject({
      kind: 'application.changed',
      refs: { applicationId: tool.clientId },
      facts: { acr: 'phrh', calledBackAt: [toolCallback] },
    });
  });

  it('has one application of a name', async () => {
    const tool = await ApplicationClient.create(world, { name: 'Wallboard' });
    const second = ApplicationClient.create(world, { name: 'WALLBOARD' });
    expect(await errorOf(second)).toBe('application.taken');
    await callAsAdmin(world, 'applications.remove', one(tool));
    await ApplicationClient.create(world, { name: 'WallBoard' });
  });

  it('takes no key that is none, no address twice, and no bearer token without a key', async () => {
    const off = 'A'.repeat(43);
    const noPoint = { kty: 'EC' as const, crv: 'P-256' as const, x: off, y: off };
    const refused = [
      { proof: { method: 'private_key_jwt' as const, jwks: { keys: [noPoint] } } },
      { proof: { method: 'none' as const }, senderBound: false },
      { redirectUris: [toolCallback, toolCallback] },
    ];
    for (const settings of refused)
      expect(await errorOf(ApplicationClient.create(world, { settings }))).toBe(
        'application.unusable',
      );
  });
});

describe('the end of a session', () => {
  const toldAt = 'https://tool.example/signed-out';
  const settings = { backchannelLogoutUri: toldAt };
  const sessionOf = async () => (await world.sessions.registry.liveSessionsOf(world.anna))[0]!;

  it('is told to every application of it, and to no other, however it ended', async () => {
    const tool = await ApplicationClient.create(world, { settings });
    const second = await ApplicationClient.create(world, { settings, browser: tool.browser });
    await ApplicationClient.create(world, { settings });
    const { sessionId } = await (async () => {
      await tool.signIn(world.anna);
      const begun = await second.authorize();
      await second.redeem(begun, begun.location);
      return sessionOf();
    })();
    await world.sessions.registry.endSession(sessionId, 'revoked', world.bela);
    expect(await world.sessions.deliverLogouts()).toBe(2);
    expect(await world.sessions.deliverLogouts()).toBe(0);
    const audiences = new Set(world.logouts.told.map(({ token }) => decodeJwt(token).aud));
    expect(audiences).toEqual(new Set([tool.clientId, second.clientId]));
    // A transaction that is done again tells this stand-in for the ledger twice.
    const entries = world.evidence.filter(({ kind }) => kind === 'application.logout-told');
    expect(new Set(entries.map(({ refs }) => refs?.['applicationId']))).toEqual(audiences);
    const [told] = world.logouts.told;
    expect(told?.url).toBe(toldAt);
    expect(decodeProtectedHeader(told!.token)).toMatchObject({ alg: 'ES256', typ: 'logout+jwt' });
    const verified = await jwtVerify(told!.token, createLocalJWKSet({ keys: [world.signingKey] }), {
      issuer: issuerUrl,
    });
    expect(verified.payload).toEqual({
      iss: issuerUrl,
      aud: expect.stringMatching(/^app_/),
      sub: world.anna,
      sid: sessionId,
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
      // A nonce would make it an ID token (§2.4); the event makes it none.
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
  });

  it('is told again until somebody answers, and given up with evidence', async () => {
    const tool = await ApplicationClient.create(world, { settings });
    await tool.signIn(world.anna);
    world.logouts.areRefused = true;
    await world.sessions.registry.endSession((await sessionOf()).sessionId, 'signed-out');
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(await world.sessions.deliverLogouts()).toBe(0);
      world.clock.advance(10 * 60_000);
    }
    world.logouts.areRefused = false;
    expect(await world.sessions.deliverLogouts()).toBe(1);
    const again = await ApplicationClient.create(world, { settings });
    await again.signIn(world.bela);
    const [session] = await world.sessions.registry.liveSessionsOf(world.bela);
    world.logouts.areRefused = true;
    await world.sessions.registry.endSession(session!.sessionId, 'signed-out');
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await world.sessions.deliverLogouts();
      world.clock.advance(10 * 60_000);
    }
    expect(world.evidence.at(-1)).toMatchObject({
      kind: 'application.logout-failed',
      refs: { applicationId: again.clientId },
      facts: { attempts: 10 },
    });
  });

  it('comes by itself to a session that nobody uses any more', async () => {
    const tool = await ApplicationClient.create(world, { settings });
    await tool.signIn(world.anna);
    await world.sessions.endOverdueSessions();
    expect(await sessionOf()).toBeDefined();
    world.clock.advance(11 * 60 * 60_000);
    await world.sessions.endOverdueSessions();
    await world.sessions.deliverLogouts();
    expect(world.logouts.told.map(({ token }) => decodeJwt(token).aud)).toContain(tool.clientId);
  });

  it('comes when somebody signs out at a tool, and confirms it here', async () => {
    const console_ = await ConsoleClient.create(world);
    const { access_token: token } = await console_.signIn(world.anna);
    const { browser } = console_;
    const after = 'https://tool.example/';
    const tool = await ApplicationClient.create(world, {
      browser,
      settings: { ...settings, postLogoutRedirectUris: [after] },
    });
    const begun = await tool.authorize();
    const { id_token: hint = '' } = await tool.redeem(begun, begun.location);
    const parameters = { post_logout_redirect_uri: after, state: 'kept' };
    // Whoever only links to it signs nobody out: the page asks, and takes no other answer than its own.
    await browser.go(oidc.buildEndSessionUrl(tool.config, { id_token_hint: hint }).href);
    expect(await sessionOf()).toBeDefined();
    expect((await tool.signOut(hint, parameters, 'no')).href).toBe(`${after}?state=kept`);
    expect(await sessionOf()).toBeDefined();
    expect((await tool.signOut(hint, parameters)).href).toBe(`${after}?state=kept`);
    expect(await sessionOf()).toBeUndefined();
    expect(world.evidence.at(-1)).toMatchObject({ facts: { because: 'signed-out' } });
    const request = await console_.apiRequest(token);
    expect(await errorOf(world.sessions.authenticate.staff(request))).toBe('session.ended');
    expect(await world.sessions.deliverLogouts()).toBe(1);
    const url = oidc.buildEndSessionUrl(tool.config, { id_token_hint: hint, ...parameters });
    const late = await new Browser(world.port).go(url.href);
    expect(late.headers).toMatchObject({ location: `${after}?state=kept` });
    expect(late.headers['set-cookie']).toBeUndefined();
  });

  it('sends nobody on to where the application is not registered', async () => {
    const tool = await ApplicationClient.create(world, { settings });
    const { id_token: hint = '' } = await tool.signIn(world.anna);
    const evil = { post_logout_redirect_uri: 'https://evil.example/' };
    expect((await tool.signOut(hint, evil)).href).not.toContain('evil');
    const { location } = await tool.authorize({ prompt: 'none' });
    expect(location.searchParams.get('code')).not.toBeNull();
  });

  it('is told inside only where the operator said so, and never in the clear', async () => {
    const inside = { backchannelLogoutUri: 'http://127.0.0.1:4021/signed-out' };
    expect(await errorOf(ApplicationClient.create(world, { settings: inside }))).toBe(
      'application.unusable',
    );
  });
});
