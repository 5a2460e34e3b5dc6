import { expect } from 'vitest';
import { createDevice } from '../../../demo/actors/device.ts';
import {
  expectError,
  expectHonest,
  expectRefused,
  failsToAuthorize,
  failsToPush,
  succeeds,
} from './expectations.ts';
import type { Module } from './module.ts';
import type { Rig } from './rig.ts';

const which = (rig: Rig) => rig.fapi;

/** What the browser says beside `request_uri` counts for nothing (RFC 9101 §6.3). */
const outsideIgnored = (name: string, does: string, parameter: 'nonce' | 'state'): Module => ({
  name,
  does,
  async run(rig) {
    const signedIn = await rig.signIn(rig.fapi, { beside: { [parameter]: 'outside' } });
    expectHonest(signedIn, rig, rig.fapi);
    expect(signedIn.visit.sent[parameter]).not.toBe('outside');
  },
});

/** Kept whole or refused, and never cut. */
const long = (name: string, parameter: 'nonce' | 'state', length: number): Module => ({
  name,
  does: `sends a \`${parameter}\` of ${length} characters: given back whole, or refused, never cut`,
  async run(rig) {
    const parameters = { [parameter]: 'n'.repeat(length) };
    const visit = await rig.fapi.authorize({ parameters });
    if (visit.code === '') return expectRefused(visit, { errors: ['invalid_request'] });
    expectHonest(await rig.signIn(rig.fapi, { parameters }), rig, rig.fapi);
  },
});

const claimsParameter: Module = {
  name: 'FAPI2SPFinalTestClaimsParameterIdentityClaims',
  does: 'asks for `name` in the ID token by `claims`: the parameter is not offered, and tells nothing',
  outcome: 'not offered',
  async run(rig) {
    expect(rig.discovery['claims_parameter_supported']).toBe(false);
    const claims = JSON.stringify({ id_token: { name: { essential: true } } });
    const signedIn = await rig.signIn(rig.fapi, { parameters: { claims } });
    expectHonest(signedIn, rig, rig.fapi);
    expect(signedIn.claims).not.toHaveProperty('name');
  },
};

const stateOutside: Module = {
  name: 'FAPI2SPFinalStateOnlyOutsideRequestObjectNotUsed',
  does: 'pushes no `state` and puts one into the address: none comes back',
  async run(rig) {
    const asking = { parameters: { state: undefined }, beside: { state: 'outside' } };
    const { visit } = await rig.signIn(rig.fapi, asking);
    expect(visit.callback?.searchParams.has('state')).toBe(false);
  },
};

/** What discovery must say (FAPI 2.0 §5.3.2.1; RFC 8414; RFC 9126 §5; RFC 9449 §5.1). */
const discovery: Module = {
  name: 'FAPI2SPFinalDiscoveryEndpointVerification',
  does: 'reads the metadata: PAR, PKCE S256, DPoP, `iss` in answers, `private_key_jwt`, no weak algorithm',
  async run({ discovery: said, issuer }) {
    expect(said).toMatchObject({
      issuer,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      pushed_authorization_request_endpoint: expect.stringContaining(issuer),
    });
    expect(said['token_endpoint_auth_methods_supported']).toContain('private_key_jwt');
    for (const member of [
      'dpop_signing_alg_values_supported',
      'request_object_signing_alg_values_supported',
      'token_endpoint_auth_signing_alg_values_supported',
      'id_token_signing_alg_values_supported',
    ]) {
      const strong = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];
      expect(said[member]).not.toHaveLength(0);
      for (const algorithm of said[member] as string[]) expect(strong).toContain(algorithm); // names
    }
  },
};

const withoutPar: Module = {
  name: 'FAPI2SPFinalEnsureUnsignedAuthorizationRequestWithoutUsingParFails',
  does: 'puts the request into the address instead of pushing it: an error, and no code',
  async run({ fapi }) {
    const { settings } = fapi.parts;
    const careless = fapi.with({ settings: { ...settings, pushedRequests: false } });
    expectRefused(await careless.authorize(), { errors: ['invalid_request'] });
  },
};

const unregistered = (name: string, does: string): Module =>
  failsToPush(name, {
    does,
    errors: ['invalid_request', 'invalid_redirect_uri'],
    form: { redirect_uri: 'https://fapi.example/callback/of/nobody' },
  });

/** What an authorization request may say. */
export const fapi2Requests: readonly Module[] = [
  discovery,
  succeeds('FAPI2SPFinalHappyFlow', {
    does: 'signs in: pushed request, PKCE, DPoP, `private_key_jwt`',
    which,
    and: async ({ accessToken, claims }, { fapi }) => {
      expectError(
        await fapi.with({ settings: bearer(fapi) }).userInfo(accessToken),
        '401',
        'invalid_token',
      );
      const info = await fapi.userInfo(accessToken);
      if (info.status !== 200) throw new Error(`the token does not work: ${String(claims.sub)}`);
    },
  }),
  {
    name: 'FAPI2SPFinalUserRejectsAuthentication',
    does: 'leaves the sign-in page: `access_denied`, with state and issuer',
    async run({ fapi }) {
      const nobody = fapi.with({ device: createDevice() });
      const visit = await nobody.authorize({ whenAsked: 'leave' });
      expectRefused(visit, { errors: ['access_denied'], where: 'callback' });
    },
  },
  succeeds('FAPI2SPFinalEnsureAuthorizationRequestWithoutStateSuccess', {
    does: 'sends no `state`',
    which,
    asking: { parameters: { state: undefined } },
  }),
  succeeds('FAPI2SPFinalEnsureAuthorizationRequestWithoutNonceSuccess', {
    does: 'sends no `nonce`',
    which,
    asking: { parameters: { nonce: undefined } },
  }),
  succeeds('FAPI2SPFinalEnsureAuthorizationRequestWith64CharNonceSuccess', {
    does: 'sends a `nonce` of 64 characters',
    which,
    asking: { parameters: { nonce: 'n'.repeat(64) } },
  }),
  succeeds('FAPI2SPFinalEnsureOtherScopeOrderSucceeds', {
    does: 'names `openid` last',
    which,
    asking: { parameters: { scope: 'profile openid' } },
  }),
  claimsParameter,
  outsideIgnored(
    'FAPI2SPFinalEnsureDifferentNonceInsideAndOutsideRequestObject',
    'puts another `nonce` into the address: the pushed one counts',
    'nonce',
  ),
  outsideIgnored(
    'FAPI2SPFinalEnsureDifferentStateInsideAndOutsideRequestObject',
    'puts another `state` into the address: the pushed one counts',
    'state',
  ),
  long('FAPI2SPFinalEnsureAuthorizationRequestWithLongNonce', 'nonce', 384),
  long('FAPI2SPFinalEnsureAuthorizationRequestWithLongState', 'state', 1000),
  stateOutside,
  failsToPush('FAPI2SPFinalEnsureRequestObjectWithoutRedirectUriFails', {
    does: 'pushes no redirect URI: `invalid_request`',
    errors: ['invalid_request'],
    form: { redirect_uri: undefined },
  }),
  unregistered(
    'FAPI2SPFinalEnsureRegisteredRedirectUri',
    'pushes a redirect URI that is not registered: refused where it is pushed',
  ),
  unregistered(
    'FAPI2SPFinalTolerateUnregisteredRedirectUri',
    'the same; RFC 9126 §2.4 would let it pass, and here it does not',
  ),
  withoutPar,
  {
    name: 'FAPI2SPFinalEnsureRedirectUriInAuthorizationRequest',
    does: 'pushes no redirect URI and puts it into the address: refused',
    async run({ fapi }) {
      const visit = await fapi.authorize({
        parameters: { redirect_uri: undefined },
        beside: { redirect_uri: fapi.redirectUri },
      });
      expectRefused(visit, { errors: ['invalid_request'] });
    },
  },
  failsToAuthorize('FAPI2SPFinalEnsureResponseTypeCodeIdTokenFails', {
    does: 'asks for `code id_token`: `unsupported_response_type`',
    which,
    asking: { parameters: { response_type: 'code id_token' } },
    errors: ['unsupported_response_type', 'unauthorized_client', 'invalid_request'],
  }),
  failsToAuthorize('FAPI2SPFinalEnsureResponseTypeTokenFails', {
    does: 'asks for `token`: `unsupported_response_type`',
    which,
    asking: { parameters: { response_type: 'token' } },
    errors: ['unsupported_response_type', 'unauthorized_client', 'invalid_request'],
  }),
];

/** The same party as if its tokens were bearer tokens. */
function bearer({ parts }: Rig['fapi']) {
  return { ...parts.settings, senderBound: false };
}
