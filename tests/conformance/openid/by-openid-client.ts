import * as oidc from 'openid-client';
import { expect, test } from 'vitest';
import { localFetch } from '../../../demo/actors/local-fetch.ts';
import { createDevice } from '../../../demo/actors/device.ts';
import { signOut } from './logout-visit.ts';
import type { RelyingParty } from './relying-party.ts';
import { afterLogout, api, type Rig } from './rig.ts';

async function open({ issuer }: Rig, { clientId, parts }: RelyingParty) {
  const proof = oidc.PrivateKeyJwt(parts.key);
  const config = await oidc.discovery(new URL(issuer), clientId, undefined, proof, {
    [oidc.customFetch]: (url, { body, ...init }) =>
      localFetch(url, { ...init, ...(body ? { body: String(body) } : {}) }),
    execute: [oidc.allowInsecureRequests],
  });
  const { senderBound } = parts.settings;
  return { config, dpop: senderBound ? { DPoP: oidc.getDPoPHandle(config, parts.dpop.keys) } : {} };
}

async function signIn(rig: Rig, party: RelyingParty, wish: Readonly<Record<string, string>> = {}) {
  const { config, dpop } = await open(rig, party);
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const asked = {
    redirect_uri: party.redirectUri,
    scope: 'openid profile',
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...wish,
  };
  const url = party.parts.settings.pushedRequests
    ? await oidc.buildAuthorizationUrlWithPAR(config, asked, dpop)
    : oidc.buildAuthorizationUrl(config, asked);
  const { callback } = await party.visit(Object.fromEntries(url.searchParams));
  if (callback === undefined) throw new Error('the browser was not sent back');
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  const tokens = await oidc.authorizationCodeGrant(config, callback, checks, undefined, dpop);
  return { config, dpop, tokens };
}

/** openid-client 6, as a tool would use it. */
export function describeOpenidClient(rig: () => Rig): void {
  test.each(['basic', 'fapi'] as const)(
    'openid-client signs in as the party “%s”',
    async (name) => {
      const { config, dpop, tokens } = await signIn(rig(), rig()[name]);
      const { subjectId } = rig().person;
      expect(tokens.claims()?.sub).toBe(subjectId);
      expect(tokens.expiresIn()).toBeLessThanOrEqual(300);
      const info = await oidc.fetchUserInfo(config, tokens.access_token, subjectId, dpop);
      expect(info).toMatchObject({ sub: subjectId, name: 'Ana Ruiz' });
    },
  );

  test('openid-client signs out, and comes back with the state', async () => {
    const party = rig().basic.with({ device: createDevice() });
    const { config, tokens } = await signIn(rig(), party);
    const url = oidc.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: afterLogout,
      state: 'bye',
    });
    const { sentTo } = await signOut(party, Object.fromEntries(url.searchParams));
    expect(sentTo?.href).toBe(`${afterLogout}?state=bye`);
    const silent = await party.authorize({ parameters: { prompt: 'none' } });
    expect(silent.error).toBe('login_required');
  });

  test('openid-client asks for a token for an API, which asks what it is worth until it is given back', async () => {
    const { fapi, second } = rig();
    const { config, tokens } = await signIn(rig(), fapi, { resource: api });
    const served = await open(rig(), second);
    const worth = () => oidc.tokenIntrospection(served.config, tokens.access_token);
    expect(await worth()).toMatchObject({
      active: true,
      aud: api,
      client_id: fapi.clientId,
      cnf: { jkt: fapi.parts.dpop.thumbprint },
      acr: expect.stringMatching(/^phrh?$/),
    });
    await oidc.tokenRevocation(served.config, tokens.access_token).catch(() => undefined);
    expect((await worth()).active, 'somebody else gave it back').toBe(true);
    await oidc.tokenRevocation(config, tokens.access_token);
    expect(await worth()).toEqual({ active: false });
  });

  test('openid-client signs its requests', async () => {
    const { signing } = rig();
    const { config, dpop } = await open(rig(), signing);
    const verifier = oidc.randomPKCECodeVerifier();
    const inside = await oidc.buildAuthorizationUrlWithJAR(
      config,
      {
        redirect_uri: signing.redirectUri,
        scope: 'openid',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state: 'inside',
      },
      signing.parts.key,
    );
    const request = { request: inside.searchParams.get('request') ?? '' };
    const pushed = await oidc.buildAuthorizationUrlWithPAR(config, request, dpop);
    const { callback } = await signing.visit(Object.fromEntries(pushed.searchParams));
    const checks = { pkceCodeVerifier: verifier, expectedState: 'inside' };
    const back = callback ?? new URL('about:blank');
    const tokens = await oidc.authorizationCodeGrant(config, back, checks, undefined, dpop);
    expect(tokens.claims()?.sub).toBe(rig().person.subjectId);
  });
}
