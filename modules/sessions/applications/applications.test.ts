import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApplicationDraft, type Application } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import { ApplicationClient, callAsAdmin, toolCallback } from '../testing/application-client.ts';
import { ConsoleClient } from '../testing/console-client.ts';
import { createWorld, staffOrigin, type World } from '../testing/world.ts';

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
  it('is told who signed in and how strongly, and its use is evidence once a session', async () => {
    const tool = await ApplicationClient.create(world);
    const tokens = await tool.signIn(world.anna, { acr: 'phrh' });
    const claims = tokens.claims();
    expect(claims).toMatchObject({ sub: world.anna, acr: 'phrh', sid: expect.any(String) });
    expect(claims?.auth_time).toBeTypeOf('number');
    expect(tokens.refresh_token).toBeUndefined();
    const info = await tool.userInfo(tokens.access_token, world.anna);
    expect(info).toMatchObject({ sub: world.anna, name: 'Anna Test' });
    const again = await tool.authorize({ prompt: 'none' });
    await tool.redeem(again, again.location);
    const told = world.evidence.filter(({ kind }) => kind === 'application.signed-in');
    expect(told).toMatchObject([
      { refs: { applicationId: tool.clientId, sessionId: claims?.['sid'] } },
    ]);
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

  it('cannot use another one’s code, nor one twice', async () => {
    const tool = await ApplicationClient.create(world);
    const other = await ApplicationClient.create(world, { browser: tool.browser });
    const begun = await tool.authorize();
    const code = await tool.answer(begun, world.anna);
    expect(await errorOf(other.redeem(begun, code))).toBe('invalid_grant');
    const fresh = await tool.authorize();
    await tool.redeem(fresh, fresh.location);
    expect(await errorOf(tool.redeem(fresh, fresh.location))).toBe('invalid_grant');
    expect(await world.sessions.registry.liveSessionsOf(world.anna)).toEqual([]);
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
