import { generateKeyPair } from 'jose';
import { expect } from 'vitest';
import { createDpopKey } from '../../../demo/actors/dpop-key.ts';
import { expectError, expectHonest, failsToRedeem } from './expectations.ts';
import { assertionParameters } from './relying-party.ts';
import type { Module } from './module.ts';
import type { Rig } from './rig.ts';

const which = (rig: Rig) => rig.fapi;
const nowSeconds = () => Math.floor(Date.now() / 1000);
const refusedGrant = ['invalid_grant', 'invalid_request', 'invalid_dpop_proof'] as const;

/** An honest DPoP proof but for its time. */
const provedAt = (name: string, does: string, seconds: number): Module => ({
  name,
  does,
  async run(rig) {
    const { dpop: key } = rig.fapi.parts;
    const visit = await rig.fapi.authorize();
    const url = `${rig.issuer}/token`;
    const dpop = await key.prove({ method: 'POST', url, issuedAtSeconds: nowSeconds() + seconds });
    expect((await rig.fapi.redeem(visit, {}, { dpop })).status).toBe(200);
  },
});

/** A code for one key, redeemed with another. */
const otherKey = (name: string, does: string, bind: 'header' | 'parameter'): Module => ({
  name,
  does,
  async run({ fapi, issuer }) {
    const { dpop: key } = fapi.parts;
    const visit = await fapi.authorize(
      bind === 'header'
        ? {}
        : { parameters: { dpop_jkt: key.thumbprint }, pushing: { dpop: null } },
    );
    expect(visit.code).not.toBe('');
    const stranger = await createDpopKey();
    const dpop = await stranger.prove({ method: 'POST', url: `${issuer}/token` });
    expectError(await fapi.redeem(visit, {}, { dpop }), ...refusedGrant);
  },
});

const ownKey = (name: string, does: string, parameter: boolean): Module => ({
  name,
  does,
  async run(rig) {
    const jkt = rig.fapi.parts.dpop.thumbprint;
    const asking = parameter ? { parameters: { dpop_jkt: jkt }, pushing: { dpop: null } } : {};
    const signedIn = await rig.signIn(rig.fapi, asking);
    expectHonest(signedIn, rig, rig.fapi);
    expect((await rig.fapi.userInfo(signedIn.accessToken)).status).toBe(200);
  },
});

const mismatch: Module = {
  name: 'FAPI2SPFinalEnsureMismatchedDpopJktFails',
  does: 'pushes `dpop_jkt` of one key with a proof by another: refused',
  async run({ fapi }) {
    const stranger = await createDpopKey();
    const { last } = await fapi.authorize({ parameters: { dpop_jkt: stranger.thumbprint } });
    expectError(last, 'invalid_dpop_proof', 'invalid_request');
  },
};

const rs256: Module = {
  name: 'FAPI2SPFinalEnsureSignedClientAssertionWithRS256Fails',
  does: 'signs the client assertion with RS256: `invalid_client`',
  async run({ fapi }) {
    const { privateKey } = await generateKeyPair('RS256');
    const visit = await fapi.authorize();
    const forged = await fapi.assert({}, { alg: 'RS256' }, privateKey);
    const proof = assertionParameters(forged);
    expectError(await fapi.redeem(visit, {}, { proof }), 'invalid_client');
  },
};

const caseOfScheme: Module = {
  name: 'FAPI2SPFinalAccessTokenTypeHeaderCaseSensitivity',
  does: 'writes the scheme of the access token as `dpop` and `DPOP`: accepted (RFC 9110 §11.1)',
  async run(rig) {
    const { accessToken } = await rig.signIn(rig.fapi);
    const url = `${rig.issuer}/me`;
    for (const scheme of ['dpop', 'DPOP']) {
      const dpop = await rig.fapi.parts.dpop.prove({ method: 'GET', url, accessToken });
      const headers = { authorization: `${scheme} ${accessToken}`, dpop };
      expect((await rig.fapi.parts.device.ask(url, { headers })).status).toBe(200);
    }
  },
};

const refresh: Module = {
  name: 'FAPI2SPFinalRefreshToken',
  does: 'asks for a refresh token and sends one: none is issued, the grant type is refused',
  outcome: 'refused',
  async run({ fapi, discovery }) {
    expect(discovery['grant_types_supported']).not.toContain('refresh_token');
    const grant = { grant_type: 'refresh_token', refresh_token: 'A'.repeat(43) };
    expectError(await fapi.post('/token', grant), 'unsupported_grant_type', 'unauthorized_client');
  },
};

/** What the token endpoint takes. */
export const fapi2Tokens: readonly Module[] = [
  caseOfScheme,
  provedAt(
    'FAPI2SPFinalEnsureDpopProofWithIat10SecondsBeforeSucceeds',
    'shows a DPoP proof made 10 seconds ago: accepted',
    -10,
  ),
  provedAt(
    'FAPI2SPFinalEnsureDpopProofWithIat10SecondsAfterSucceeds',
    'shows a DPoP proof made 10 seconds ahead: accepted, as clocks differ',
    10,
  ),
  mismatch,
  otherKey(
    'FAPI2SPFinalEnsureTokenEndpointFailsWithMismatchedDpopProofJkt',
    'pushes with one key’s proof and redeems with another’s: refused',
    'header',
  ),
  otherKey(
    'FAPI2SPFinalEnsureTokenEndpointFailsWithMismatchedDpopJkt',
    'pushes one key’s `dpop_jkt` and redeems with another’s proof: refused',
    'parameter',
  ),
  ownKey(
    'FAPI2SPFinalEnsureDpopProofAtParEndpointBindingSuccess',
    'pushes and redeems with the same key’s proof',
    false,
  ),
  ownKey(
    'FAPI2SPFinalEnsureDpopAuthCodeBindingSuccess',
    'pushes the key’s `dpop_jkt` and redeems with its proof',
    true,
  ),
  {
    name: 'FAPI2SPFinalEnsureClientIdInTokenEndpoint',
    does: 'names another client, with an assertion signed by the first: `invalid_client`',
    async run({ fapi, second }) {
      const visit = await fapi.authorize();
      const forged = await fapi.assert({ iss: second.clientId, sub: second.clientId });
      const proof = { ...assertionParameters(forged), client_id: second.clientId };
      expectError(await fapi.redeem(visit, {}, { proof }), 'invalid_client');
    },
  },
  failsToRedeem('FAPI2SPFinalEnsureHolderOfKeyRequired', {
    does: 'redeems a code without a DPoP proof: refused',
    which,
    errors: refusedGrant,
    how: (party, visit) => party.redeem(visit, {}, { dpop: null }),
  }),
  {
    name: 'FAPI2SPFinalEnsureAuthorizationCodeIsBoundToClient',
    does: 'redeems another client’s code: `invalid_grant`',
    async run({ fapi, second }) {
      const visit = await fapi.authorize();
      const parameters = { redirect_uri: fapi.redirectUri };
      expectError(await second.redeem(visit, parameters), 'invalid_grant');
    },
  },
  {
    name: 'FAPI2SPFinalAttemptReuseAuthorizationCodeAfterOneSecond',
    does: 'redeems a code twice: `invalid_grant`, and the access token is dead',
    async run(rig) {
      const { accessToken, visit } = await rig.signIn(rig.fapi);
      expectError(await rig.fapi.redeem(visit), 'invalid_grant');
      expect((await rig.fapi.userInfo(accessToken)).status).toBe(401);
    },
  },
  failsToRedeem('FAPI2SPFinalAttemptToUseExpiredAuthCode', {
    does: 'redeems a code that has run out: `invalid_grant`',
    which,
    errors: ['invalid_grant'],
    how: async (party, visit, rig) => {
      await rig.letTransientsExpire('AuthorizationCode');
      return party.redeem(visit);
    },
  }),
  rs256,
  failsToRedeem('FAPI2SPFinalEnsureClientAssertionInTokenEndpoint', {
    does: 'redeems a code without a client assertion: `invalid_client`',
    which,
    errors: ['invalid_client', 'invalid_request'],
    how: (party, visit) => party.redeem(visit, {}, { proof: { client_id: party.clientId } }),
  }),
  failsToRedeem('FAPI2SPFinalEnsureClientAssertionWithExpIs5MinutesInPastFails', {
    does: 'proves the client by an assertion that ran out five minutes ago: `invalid_client`',
    which,
    errors: ['invalid_client'],
    how: (party, visit) => {
      const assertion = { iat: nowSeconds() - 360, exp: nowSeconds() - 300 };
      return party.redeem(visit, {}, { assertion });
    },
  }),
  failsToRedeem('FAPI2SPFinalEnsureClientAssertionWithWrongAudFails', {
    does: 'by one that is for somebody else: `invalid_client`',
    which,
    errors: ['invalid_client'],
    how: (party, visit) =>
      party.redeem(visit, {}, { assertion: { aud: 'https://elsewhere.example' } }),
  }),
  failsToRedeem('FAPI2SPFinalEnsureClientAssertionWithNoSubFails', {
    does: 'by one without a subject: `invalid_client`',
    which,
    errors: ['invalid_client', 'invalid_request'],
    how: (party, visit) => party.redeem(visit, {}, { assertion: { sub: undefined } }),
  }),
  refresh,
];
