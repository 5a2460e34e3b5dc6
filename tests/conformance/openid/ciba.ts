import { generateKeyPair, UnsecuredJWT } from 'jose';
import { expect, vi } from 'vitest';
import { ask, assertWithRs256, fetchAnswer, post, signRequest } from './ciba-asking.ts';
import { expectError } from './expectations.ts';
import type { Module, Plan } from './module.ts';
import type { Claims } from './relying-party.ts';
import type { Rig } from './rig.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);
const cibaGrant = 'urn:openid:params:grant-type:ciba';

/** From a request to verified tokens of the person who was asked. */
async function expectSignedIn(rig: Rig, claims: Claims = {}): Promise<void> {
  const id = await ask(rig, claims);
  await rig.asked.answer('allow');
  await expectTokens(rig, id);
}

async function expectTokens(rig: Rig, id: string, party = rig.terminal): Promise<void> {
  const { body, status } = await fetchAnswer(party, id);
  expect(status).toBe(200);
  const tokens = body as Record<string, unknown>; // RFC 6749 §5.1
  expect(tokens).toMatchObject({ token_type: 'DPoP', expires_in: expect.any(Number) });
  expect(await rig.verify(String(tokens['id_token']), party)).toMatchObject({
    iss: rig.issuer,
    sub: rig.asked.nameAt(party),
    acr: expect.stringMatching(/^phrh?$/),
  });
}

/** A request object that must be refused. */
const refuses = (name: string, what: string, claims: () => Claims): Module => ({
  name: `FAPICIBAID1EnsureRequestObject${name}Fails`,
  does: `asks with a request object ${what}: \`invalid_request\``,
  async run(rig) {
    const refused = await post(rig.terminal, await signRequest(rig, claims()));
    expectError(refused, 'invalid_request', 'invalid_request_object');
    expect(refused.body).not.toHaveProperty('auth_req_id');
  },
});

const refusesSigning = (
  name: string,
  what: string,
  build: (rig: Rig) => Promise<string>,
): Module => ({
  name: `FAPICIBAID1EnsureRequestObject${name}Fails`,
  does: `asks with a request object ${what}: \`invalid_request\``,
  async run(rig) {
    expectError(
      await post(rig.terminal, await build(rig)),
      'invalid_request',
      'invalid_request_object',
    );
  },
});

const requestObjects: readonly Module[] = [
  refuses('MissingAud', 'without `aud`', () => ({ aud: undefined })),
  refuses('BadAud', 'for somebody else', () => ({ aud: 'https://elsewhere.example' })),
  refuses('MissingIss', 'without `iss`', () => ({ iss: undefined })),
  refuses('BadIss', 'of somebody else', () => ({ iss: 'app_somebody' })),
  refuses('MissingExp', 'without `exp`', () => ({ exp: undefined })),
  refuses('ExpiredExp', 'that has run out', () => ({ exp: nowSeconds() - 300 })),
  refuses('ExpIs70MinutesInFuture', 'that lives for 70 minutes', () => ({
    exp: nowSeconds() + 4200,
  })),
  refuses('MissingIat', 'without `iat`', () => ({ iat: undefined })),
  refuses('MissingNbf', 'without `nbf`', () => ({ nbf: undefined })),
  refuses('NbfIs10MinutesInFuture', 'that begins in ten minutes', () => ({
    nbf: nowSeconds() + 600,
    exp: nowSeconds() + 660,
  })),
  refuses('NbfIs70MinutesInPast', 'that began 70 minutes ago', () => ({
    nbf: nowSeconds() - 4200,
  })),
  refuses('MissingJti', 'without `jti`', () => ({ jti: undefined })),
  refusesSigning(
    'SignatureAlgorithmIsNone',
    'that nobody has signed',
    async ({ issuer, terminal }) =>
      new UnsecuredJWT({ iss: terminal.clientId, aud: issuer, scope: 'openid' }).encode(),
  ),
  refusesSigning('SignatureAlgorithmIsBad', 'whose signature is another’s', async (rig) => {
    const [head, payload] = (await signRequest(rig)).split('.');
    const [, , signature] = (await signRequest(rig)).split('.');
    return [head, payload, signature].join('.');
  }),
  refusesSigning('SignatureAlgorithmIsRS256', 'signed with RS256', async (rig) => {
    const { privateKey } = await generateKeyPair('RS256');
    return signRequest(rig, {}, { alg: 'RS256', key: privateKey });
  }),
  refusesSigning('SignedByOtherClient', 'that another client signed', (rig) =>
    signRequest(rig, {}, { key: rig.signing.parts.key }),
  ),
];

const asking: readonly Module[] = [
  {
    name: 'FAPICIBAID1DiscoveryEndpointVerification',
    does: 'reads of CIBA in the discovery document',
    async run({ discovery, issuer }) {
      expect(discovery).toMatchObject({
        backchannel_authentication_endpoint: `${issuer}/backchannel`,
        backchannel_token_delivery_modes_supported: ['poll', 'ping'],
        backchannel_authentication_request_signing_alg_values_supported: expect.arrayContaining([
          'ES256',
        ]),
        grant_types_supported: expect.arrayContaining([cibaGrant]),
      });
    },
  },
  {
    name: 'FAPICIBAID1',
    does: 'asks, the person allows it, and the answer is fetched',
    run: (rig) => expectSignedIn(rig),
  },
  {
    name: 'FAPICIBAID1UserRejectsAuthentication',
    does: 'asks, and the person refuses: `access_denied`',
    async run(rig) {
      const id = await ask(rig);
      await rig.asked.answer('refuse');
      expectError(await fetchAnswer(rig.terminal, id), 'access_denied');
    },
  },
  {
    name: 'FAPICIBAID1MultipleCallToTokenEndpoint',
    does: 'asks for the answer twice at once: `authorization_pending`, then `slow_down`, and then it comes',
    async run(rig) {
      const id = await ask(rig);
      expectError(await fetchAnswer(rig.terminal, id), 'authorization_pending');
      expectError(await fetchAnswer(rig.terminal, id), 'slow_down');
      await rig.asked.answer('allow');
      await expectTokens(rig, id);
    },
  },
  {
    name: 'FAPICIBAID1AuthReqIdExpired',
    does: 'asks for the answer when the request is over: `expired_token`',
    async run(rig) {
      const id = await ask(rig);
      await rig.letTransientsExpire('BackchannelAuthenticationRequest');
      expectError(await fetchAnswer(rig.terminal, id), 'expired_token');
    },
  },
  {
    name: 'FAPICIBAID1EnsureAuthorizationRequestWithBindingMessageSucceeds',
    does: 'asks with a `binding_message`: the person reads it',
    run: (rig) => expectSignedIn(rig, { binding_message: 'Till 4, code 7391' }),
  },
  {
    name: 'FAPICIBAID1EnsureOtherScopeOrderSucceeds',
    does: 'names `openid` last',
    run: (rig) =>
      expectSignedIn(rig, {
        scope: ['profile', ...rig.asked.scope.split(' ').toReversed()].join(' '),
      }),
  },
  {
    name: 'FAPICIBAID1EnsureRequestedExpiryAsStringSucceeds',
    does: 'sends `requested_expiry` as a text',
    run: (rig) => expectSignedIn(rig, { requested_expiry: '60' }),
  },
  {
    name: 'FAPICIBAID1EnsureAuthorizationRequestWithPotentiallyBadBindingMessage',
    does: 'sends a `binding_message` with what nobody can compare: `invalid_binding_message`',
    async run(rig) {
      const request = await signRequest(rig, { binding_message: '1234 \u{1F44D}\u200D\u202E' });
      expectError(await post(rig.terminal, request), 'invalid_binding_message');
    },
  },
];

const clients: readonly Module[] = [
  {
    name: 'FAPICIBAID1EnsureAuthorizationRequestWithMultipleHintsFails',
    does: 'names the person by two hints: `invalid_request`',
    async run(rig) {
      const request = await signRequest(rig, { login_hint_token: 'A.B.C' });
      expectError(await post(rig.terminal, request), 'invalid_request');
    },
  },
  {
    name: 'FAPICIBAID1EnsureWrongAuthenticationRequestIdInTokenEndpointRequest',
    does: 'asks for the answer to a request that nobody made: `invalid_grant`',
    async run(rig) {
      expectError(await fetchAnswer(rig.terminal, 'A'.repeat(43)), 'invalid_grant');
    },
  },
  {
    name: 'FAPICIBAID1EnsureWithoutClientAssertionInTokenEndpointFails',
    does: 'asks for the answer without a client assertion: `invalid_client`',
    async run(rig) {
      const proof = { client_id: rig.terminal.clientId };
      const id = await ask(rig);
      expectError(await fetchAnswer(rig.terminal, id, { proof }), 'invalid_client');
    },
  },
  {
    name: 'FAPICIBAID1EnsureWithoutClientAssertionInBackchannelAuthorizationRequestFails',
    does: 'asks without a client assertion: `invalid_client`',
    async run(rig) {
      const proof = { client_id: rig.terminal.clientId };
      const request = await signRequest(rig);
      expectError(await post(rig.terminal, request, { proof }), 'invalid_client');
    },
  },
  {
    name: 'FAPICIBAID1EnsureClientAssertionSignatureAlgorithmInBackchannelAuthorizationRequestIsRS256Fails',
    does: 'asks with an assertion signed with RS256: `invalid_client`',
    async run(rig) {
      const { privateKey } = await generateKeyPair('RS256');
      const proof = await assertWithRs256(rig.terminal, privateKey);
      expectError(await post(rig.terminal, await signRequest(rig), proof), 'invalid_client');
    },
  },
  {
    name: 'FAPICIBAID1EnsureClientAssertionSignatureAlgorithmInTokenEndpointRequestIsRS256Fails',
    does: 'asks for the answer with such an assertion: `invalid_client`',
    async run(rig) {
      const { privateKey } = await generateKeyPair('RS256');
      const proof = await assertWithRs256(rig.terminal, privateKey);
      expectError(await fetchAnswer(rig.terminal, await ask(rig), proof), 'invalid_client');
    },
  },
  {
    name: 'FAPICIBAID1EnsureClientAssertionWithIssAudToTokenEndpointSucceeds',
    does: 'fetches the answer with an assertion whose audience is the issuer: accepted',
    async run(rig) {
      const id = await ask(rig);
      await rig.asked.answer('allow');
      const assertion = { aud: rig.issuer };
      expect((await fetchAnswer(rig.terminal, id, { assertion })).status).toBe(200);
    },
  },
  {
    name: 'FAPICIBAID1EnsureBackchannelAuthorizationRequestWithoutRequestFails',
    does: 'asks with plain parameters where requests are to be signed: `invalid_request`',
    async run({ terminal }) {
      const plain = { scope: 'openid', login_hint: '4711', binding_message: '1234' };
      expectError(await terminal.post('/backchannel', plain), 'invalid_request');
    },
  },
  {
    name: 'FAPICIBAID1RefreshToken',
    does: 'looks for a refresh token: none is issued, the grant type is refused',
    outcome: 'refused',
    async run(rig) {
      const id = await ask(rig);
      await rig.asked.answer('allow');
      expect((await fetchAnswer(rig.terminal, id)).body).not.toHaveProperty('refresh_token');
      const grant = { grant_type: 'refresh_token', refresh_token: 'A'.repeat(43) };
      expectError(
        await rig.terminal.post('/token', grant),
        'unsupported_grant_type',
        'unauthorized_client',
      );
    },
  },
  {
    name: 'FAPICIBAID1EnsureMTLSHolderOfKeyRequired',
    does: 'fetches the answer without proof of a key (here DPoP, where the suite shows a certificate): refused',
    async run(rig) {
      const id = await ask(rig);
      await rig.asked.answer('allow');
      const unproved = await fetchAnswer(rig.terminal, id, { dpop: null });
      expectError(unproved, 'invalid_grant', 'invalid_request', 'invalid_dpop_proof');
    },
  },
];

/** The application is told, answers in a way of its own, and fetches the answer all the same. */
const pinged = (
  name: string,
  does: string,
  [status, body]: readonly [number, string?],
): Module => ({
  name: `FAPICIBAID1Ping${name}`,
  does,
  async run(rig) {
    const { doorbell, pings } = rig;
    const before = pings.pings.length;
    pings.answerWith(status, body);
    const token = 'B'.repeat(43);
    const id = await ask(rig, { client_notification_token: token }, doorbell);
    await rig.asked.answer('allow');
    await vi.waitUntil(() => pings.pings.length > before, { timeout: 10_000, interval: 50 });
    expect(pings.pings[before]).toEqual({
      authorization: `Bearer ${token}`,
      body: { auth_req_id: id },
    });
    await expectTokens(rig, id, doorbell);
    // Whoever refused it is not told again: the next round finds nothing to tell.
    await rig.company.server.composition.sessions.deliverPings();
    expect(pings.pings.length).toBe(before + 1);
  },
});

const pings: readonly Module[] = [
  pinged('NotificationEndpointReturnsABody', 'is told, and answers with a body', [200, 'thanks']),
  pinged('NotificationEndpointReturns401', 'is told, and answers with 401', [401]),
  pinged('NotificationEndpointReturns403', 'is told, and answers with 403', [403]),
  pinged(
    'NotificationEndpointReturns401AndRequireServerDoesNotRetry',
    'is told, answers with 401, and is not told again',
    [401],
  ),
  pinged(
    'NotificationEndpointReturnsRedirectRequest',
    'is told, and answers with a redirect: it is not followed',
    [301],
  ),
];

/** CIBA, as FAPI asks for it. */
export const ciba: Plan = {
  name: 'fapi-ciba-id1-test-plan',
  title: 'FAPI-CIBA, implementer’s draft 1: poll and ping',
  note: 'Variants `plain_fapi` and `private_key_jwt`, with signed requests; poll, and the modules of ping besides. Tokens are bound by DPoP. Not here: the module of Brazil, and three that the suite runs with mutual TLS alone.',
  modules: [...asking, ...requestObjects, ...clients, ...pings],
};
