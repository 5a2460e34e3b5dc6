import { decodeProtectedHeader } from 'jose';
import { expect } from 'vitest';
import { localFetch } from '../../../demo/actors/local-fetch.ts';
import { expectError, expectHonest, failsToAuthorize, succeeds } from './expectations.ts';
import type { Module } from './module.ts';
import { shown } from './relying-party.ts';
import type { Rig, SignedIn } from './rig.ts';

const which = (rig: Rig) => rig.basic;

async function expectUserInfo(rig: Rig, method: 'GET' | 'POST'): Promise<void> {
  const { accessToken, claims } = await rig.signIn(rig.basic);
  const answer = await rig.basic.userInfo(accessToken, method);
  expect(answer).toMatchObject({ status: 200, body: { sub: claims.sub } });
  expect(answer.headers.get('content-type')).toContain('application/json');
}

async function expectName({ accessToken }: SignedIn, { basic, person }: Rig): Promise<void> {
  const { displayName: name } = person;
  expect((await basic.userInfo(accessToken)).body).toMatchObject({ name });
}

/** A scope that stands for claims that we have of nobody. */
const without = (name: string, scope: string): Module => ({
  name,
  does: `asks for the scope \`${scope}\`: discovery does not list it, and nobody’s ${scope} is told`,
  outcome: 'not offered',
  async run(rig) {
    expect(rig.discovery['scopes_supported']).not.toContain(scope);
    const visit = await rig.basic.authorize({ parameters: { scope: `openid ${scope}` } });
    if (visit.code === '') return expect(visit.error).toBe('invalid_scope');
    const tokens = (await rig.basic.redeem(visit)).body as { access_token: string }; // RFC 6749 §5.1
    const { body } = await rig.basic.userInfo(tokens.access_token);
    expect(Object.keys(body as object)).toEqual(['sub', 'sid']);
  },
});

const signature: Module = {
  name: 'OIDCCIdTokenSignature',
  does: 'verifies the ID token with the published key of its `kid`',
  async run(rig) {
    const { idToken } = await rig.signIn(rig.basic);
    const { alg, kid } = decodeProtectedHeader(idToken);
    expect(alg).toBe('ES256');
    const answer = await localFetch(String(rig.discovery['jwks_uri']));
    const { keys } = (await answer.json()) as { keys: { kid: string; d?: string }[] }; // RFC 7517 §5
    expect(keys.filter((key) => key.kid === kid)).toHaveLength(1);
    expect(keys.every((key) => key.d === undefined)).toBe(true);
  },
};

const unsigned: Module = {
  name: 'OIDCCIdTokenUnsigned',
  does: 'registers for ID tokens with `alg: none`: refused, and discovery does not list it',
  outcome: 'refused',
  async run(rig) {
    expect(rig.discovery['id_token_signing_alg_values_supported']).toEqual(['ES256']);
    const wanted = { idTokenSignedResponseAlg: 'none' } as object;
    await expect(rig.register('unsigned', wanted)).rejects.toThrow('request.malformed');
  },
};

const codeReuse = (name: string, does: string, seconds: number): Module => ({
  name,
  does,
  async run(rig) {
    const { accessToken, visit } = await rig.signIn(rig.basic);
    expect((await rig.basic.userInfo(accessToken)).status).toBe(200);
    if (seconds > 0) await rig.letTransientsExpire('AuthorizationCode');
    expectError(await rig.basic.redeem(visit), 'invalid_grant');
    if (seconds > 0) return;
    // RFC 6749 §4.1.2: what was issued for the code should die with it.
    const dead = await rig.basic.userInfo(accessToken);
    expect(dead.status).toBe(401);
    expect(dead.headers.get('www-authenticate')).toContain('invalid_token');
  },
});

const secretPost: Module = {
  name: 'OIDCCServerTestClientSecretPost',
  does: 'proves the client with a secret in the body: no client has one, so `invalid_client`',
  outcome: 'refused',
  async run(rig) {
    expect(rig.discovery['token_endpoint_auth_methods_supported']).not.toContain(
      'client_secret_post',
    );
    const visit = await rig.basic.authorize();
    const proof = {
      client_id: rig.basic.clientId,
      client_secret: 'a-secret-that-somebody-guessed',
    };
    expectError(await rig.basic.redeem(visit, {}, { proof }), 'invalid_client');
  },
};

const refresh: Module = {
  name: 'OIDCCRefreshToken',
  does: 'asks for `offline_access`: no refresh token comes, and the grant type is refused',
  outcome: 'refused',
  async run(rig) {
    const parameters = { scope: 'openid offline_access', prompt: 'consent' };
    const visit = await rig.basic.authorize({ parameters });
    if (visit.code === '') expect(['invalid_scope', 'invalid_request']).toContain(visit.error);
    else expect((await rig.basic.redeem(visit)).body).not.toHaveProperty('refresh_token');
    expect(rig.discovery['grant_types_supported']).not.toContain('refresh_token');
    const grant = { grant_type: 'refresh_token', refresh_token: 'A'.repeat(43) };
    expectError(
      await rig.basic.post('/token', grant),
      'unsupported_grant_type',
      'unauthorized_client',
    );
  },
};

/** What the token and userinfo endpoints answer. */
export const basicTokens: readonly Module[] = [
  {
    name: 'OIDCCServerTest',
    does: 'signs in with the code flow; ID token, token response and userinfo are as Core says',
    async run(rig) {
      const signedIn = await rig.signIn(rig.basic);
      expectHonest(signedIn, rig, rig.basic);
      const info = await rig.basic.userInfo(signedIn.accessToken);
      expect(info.body).toMatchObject({ sub: signedIn.claims.sub });
    },
  },
  failsToAuthorize('OIDCCResponseTypeMissing', {
    does: 'leaves `response_type` out: an error, and no code',
    which,
    asking: { parameters: { response_type: undefined } },
    errors: ['invalid_request', 'unsupported_response_type'],
  }),
  signature,
  unsigned,
  {
    name: 'OIDCCUserInfoGet',
    does: 'asks the userinfo endpoint by GET',
    run: (rig) => expectUserInfo(rig, 'GET'),
  },
  {
    name: 'OIDCCUserInfoPostHeader',
    does: 'asks it by POST, with the token in the header',
    run: (rig) => expectUserInfo(rig, 'POST'),
  },
  {
    name: 'OIDCCUserInfoPostBody',
    does: 'asks it by POST, with the token in the body',
    async run(rig) {
      const { accessToken, claims } = await rig.signIn(rig.basic);
      const form = { access_token: accessToken };
      const answer = await rig.basic.post('/me', form, { proof: {} });
      expect(answer).toMatchObject({ status: 200, body: { sub: claims.sub } });
    },
  },
  succeeds('OIDCCScopeProfile', {
    does: 'asks for the scope `profile`: userinfo tells the name',
    which,
    asking: { parameters: { scope: 'openid profile' } },
    and: expectName,
  }),
  without('OIDCCScopeEmail', 'email'),
  without('OIDCCScopeAddress', 'address'),
  without('OIDCCScopePhone', 'phone'),
  {
    name: 'OIDCCScopeAll',
    does: 'asks for every scope that discovery lists',
    async run(rig) {
      const scope = (rig.discovery['scopes_supported'] as string[]).join(' '); // a list of names
      expectHonest(await rig.signIn(rig.basic, { parameters: { scope } }), rig, rig.basic);
    },
  },
  succeeds('OIDCEnsureOtherScopeOrderSucceeds', {
    does: 'names `openid` last',
    which,
    asking: { parameters: { scope: 'profile openid' } },
  }),
  codeReuse(
    'OIDCCAuthCodeReuse',
    'redeems a code twice: `invalid_grant`, and what was issued for it is dead',
    0,
  ),
  codeReuse('OIDCCAuthCodeReuseAfter30Seconds', 'redeems it again when it has run out as well', 30),
  secretPost,
  {
    name: 'OIDCCClaimsEssential',
    does: 'asks for `name` as an essential claim: the parameter is not offered, and stops nothing',
    outcome: 'not offered',
    async run(rig) {
      expect(rig.discovery['claims_parameter_supported']).toBe(false);
      const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
      const signedIn = await rig.signIn(rig.basic, { parameters: { claims } });
      expectHonest(signedIn, rig, rig.basic);
      const { body } = await rig.basic.userInfo(signedIn.accessToken);
      expect(body).not.toHaveProperty('name');
    },
  },
  refresh,
  {
    name: 'OIDCCEnsureRequestWithValidPkceSucceeds',
    does: 'uses PKCE with S256; with another verifier the code is worth nothing',
    async run(rig) {
      expectHonest(await rig.signIn(rig.basic), rig, rig.basic);
      const visit = await rig.basic.authorize();
      const wrong = await rig.basic.redeem(visit, { code_verifier: 'w'.repeat(43) });
      expect(shown(wrong)).toBe('invalid_grant');
    },
  },
];
