import { expect } from 'vitest';
import { createDevice } from '../../../demo/actors/device.ts';
import {
  expectError,
  expectHonest,
  expectRefused,
  failsToPush,
  failsToRedeem,
  succeeds,
} from './expectations.ts';
import type { Module } from './module.ts';
import type { RelyingParty, Visit } from './relying-party.ts';
import type { Rig } from './rig.ts';

const which = (rig: Rig) => rig.fapi;
const nowSeconds = () => Math.floor(Date.now() / 1000);
const clientErrors = ['invalid_client', 'invalid_request'] as const;

async function push(
  party: RelyingParty,
): Promise<{ readonly requestUri: string; readonly visit: Visit }> {
  // Nobody is signed in at this browser, so the request stays open at the sign-in page.
  const nobody = party.with({ device: createDevice() });
  const visit = await nobody.authorize({ whenAsked: 'wait' });
  const again = await party.post('/request', visit.sent);
  expect(again.status).toBe(201);
  const { request_uri: requestUri = '' } = again.body as { request_uri?: string }; // RFC 9126 §2.2
  return { requestUri, visit };
}

const reusedBefore: Module = {
  name: 'FAPI2SPFinalPAREnsureServerAcceptsReusedRequestUriBeforeAuthenticationCompletion',
  does: 'opens a pushed request twice before anybody signs in: the second time goes through',
  async run({ fapi }) {
    const { requestUri } = await push(fapi);
    const browser = fapi.with({ device: createDevice() });
    const parameters = { client_id: fapi.clientId, request_uri: requestUri };
    const opened = await browser.visit(parameters, { whenAsked: 'wait' });
    expect(opened.prompts).toBe(1);
    expect((await browser.visit(parameters)).code).not.toBe('');
  },
};

const reused: Module = {
  name: 'FAPI2SPFinalPARAttemptReuseRequestUri',
  does: 'opens a pushed request again after the sign-in: refused, and no second code',
  async run({ fapi }) {
    const { requestUri } = await push(fapi);
    const parameters = { client_id: fapi.clientId, request_uri: requestUri };
    expect((await fapi.visit(parameters)).code).not.toBe('');
    expectRefused(await fapi.visit(parameters), {
      errors: ['invalid_request_uri', 'invalid_request'],
      where: 'page',
    });
  },
};

const expired: Module = {
  name: 'FAPI2SPFinalPARAttemptToUseExpiredRequestUri',
  does: 'opens a pushed request that has run out: refused',
  async run(rig) {
    const { requestUri } = await push(rig.fapi);
    await rig.letTransientsExpire('PushedAuthorizationRequest');
    const parameters = { client_id: rig.fapi.clientId, request_uri: requestUri };
    expectRefused(await rig.fapi.visit(parameters), {
      errors: ['invalid_request_uri', 'invalid_request'],
      where: 'page',
    });
  },
};

const boundToClient: Module = {
  name: 'FAPI2SPFinalPAREnsureRequestUriIsBoundToClient',
  does: 'opens a request that another client pushed: refused',
  async run({ fapi, second }) {
    const { requestUri } = await push(fapi);
    expectRefused(await second.visit({ client_id: second.clientId, request_uri: requestUri }), {
      errors: ['invalid_request_uri', 'invalid_request', 'invalid_request_object'],
      where: 'page',
    });
  },
};

const verbs: Module = {
  name: 'FAPI2SPFinalPARRejectInvalidHttpVerb',
  does: 'uses GET and PUT at the endpoint for pushed requests: nothing is there',
  async run({ fapi, issuer }) {
    for (const method of ['GET', 'PUT']) {
      const { status } = await fapi.parts.device.ask(`${issuer}/request`, { method });
      expect([400, 404, 405]).toContain(status);
    }
  },
};

const audience = (name: string, does: string, aud: (party: RelyingParty) => string | string[]) =>
  failsToPush(name, {
    does,
    errors: clientErrors,
    how: async (party) => ({ assertion: { aud: aud(party) } }),
  });

/** Pushed requests, and PKCE. */
export const fapi2Par: readonly Module[] = [
  reusedBefore,
  reused,
  expired,
  {
    name: 'FAPI2SPFinalPAREnsureJWTClientAssertionWithIatNbf8SecondsInTheFutureIsAccepted',
    does: 'proves the client by an assertion that begins in 8 seconds: accepted, as clocks differ',
    async run(rig) {
      const soon = nowSeconds() + 8;
      const signedIn = await rig.signIn(rig.fapi, {
        pushing: { assertion: { iat: soon, nbf: soon } },
      });
      expectHonest(signedIn, rig, rig.fapi);
    },
  },
  failsToPush('FAPI2SPFinalPAREnsureJWTClientAssertionWithIatNbfOver60SecondsInTheFutureFails', {
    does: 'by one that begins in more than a minute: `invalid_client`',
    errors: clientErrors,
    how: async () => ({
      assertion: { iat: nowSeconds() + 65, nbf: nowSeconds() + 65, exp: nowSeconds() + 120 },
    }),
  }),
  boundToClient,
  failsToPush('FAPI2SPFinalPARRejectRequestUriInParAuthorizationFormParams', {
    does: 'pushes a `request_uri`: `request_uri_not_supported`',
    errors: ['invalid_request', 'invalid_request_object', 'request_uri_not_supported'],
    form: { request_uri: 'urn:ietf:params:oauth:request_uri:AAAAAAAAAAAAAAAAAAAAA' },
  }),
  verbs,
  failsToPush('FAPI2SPFinalPAREnsurePKCERequired', {
    does: 'pushes no code challenge: `invalid_request`',
    errors: ['invalid_request'],
    form: { code_challenge: undefined, code_challenge_method: undefined },
  }),
  failsToRedeem('FAPI2SPFinalPAREnsurePKCECodeVerifierRequired', {
    does: 'redeems a code without the verifier: `invalid_grant`',
    which,
    errors: ['invalid_grant', 'invalid_request'],
    how: (party, visit) => party.redeem(visit, { code_verifier: undefined }),
  }),
  failsToRedeem('FAPI2SPFinalPARIncorrectPKCECodeVerifierRejected', {
    does: 'redeems a code with another verifier: `invalid_grant`',
    which,
    errors: ['invalid_grant'],
    how: (party, visit) => party.redeem(visit, { code_verifier: 'w'.repeat(43) }),
  }),
  {
    name: 'FAPI2SPFinalPAREnsurePlainPKCERejected',
    does: 'pushes a challenge of the method `plain`, or of none: `invalid_request`',
    async run({ fapi }) {
      for (const method of ['plain', undefined]) {
        const { last } = await fapi.authorize({ parameters: { code_challenge_method: method } });
        expectError(last, 'invalid_request');
      }
    },
  },
  succeeds('FAPI2SPFinalParWithoutDuplicateParameters', {
    does: 'puts only `client_id` and `request_uri` into the address',
    which,
  }),
  audience(
    'FAPI2SPFinalPAREndpointAsArrayAudienceFails',
    'names the issuer and somebody else as the audience of the assertion: `invalid_client`',
    ({ parts }) => [parts.issuer, 'https://elsewhere.example'],
  ),
  audience(
    'FAPI2SPFinalPAREndpointAsAudienceFails',
    'names the endpoint for pushed requests as its audience: `invalid_client`',
    ({ parts }) => `${parts.issuer}/request`,
  ),
  audience(
    'FAPI2SPFinalPARTokenEndpointAsAudienceFails',
    'names the token endpoint as its audience: `invalid_client`',
    ({ parts }) => `${parts.issuer}/token`,
  ),
];
