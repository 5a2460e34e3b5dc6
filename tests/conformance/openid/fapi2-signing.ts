import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { expect } from 'vitest';
import { expectError } from './expectations.ts';
import type { Module, Plan } from './module.ts';
import type { Claims, RelyingParty } from './relying-party.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);

/** The claims of a request object that would be in order (RFC 9101 §4). */
const usual = (party: RelyingParty): Claims => ({
  iss: party.clientId,
  aud: party.parts.issuer,
  client_id: party.clientId,
  response_type: 'code',
  redirect_uri: party.redirectUri,
  scope: 'openid',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
  nbf: nowSeconds(),
  exp: nowSeconds() + 60,
});

type Build = (party: RelyingParty, second: RelyingParty) => Promise<string>;

const signed =
  (claims: Claims = {}): Build =>
  (party) =>
    new SignJWT({ ...usual(party), ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'oauth-authz-req+jwt' })
      .sign(party.parts.key);

const asPushed = (party: RelyingParty, request: string) =>
  party.post('/request', { client_id: party.clientId, request });

/** Pushes a request object that must be refused. */
const refuses = (name: string, what: string, build: Build): Module => ({
  name: `FAPI2SPFinal${name}`,
  does: `pushes a request object ${what}: \`invalid_request_object\``,
  async run({ second, signing }) {
    const answer = await asPushed(signing, await build(signing, second));
    expectError(answer, 'invalid_request_object', 'invalid_request');
    expect(answer.body).not.toHaveProperty('request_uri');
  },
});

/** Pushes one that is in order, and signs in with it. */
const accepts = (name: string, what: string, build: Build): Module => ({
  name: `FAPI2SPFinal${name}`,
  does: `pushes a request object ${what}: accepted`,
  async run({ second, signing }) {
    const answer = await asPushed(signing, await build(signing, second));
    expect(answer.status).toBe(201);
    const { request_uri: requestUri } = answer.body as { request_uri?: string }; // RFC 9126 §2.2
    const visit = await signing.visit({ client_id: signing.clientId, request_uri: requestUri });
    expect(visit.code).not.toBe('');
  },
});

const rs256: Build = async (party) => {
  const { privateKey } = await generateKeyPair('RS256');
  return new SignJWT({ ...usual(party) }).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
};

const modules: readonly Module[] = [
  refuses('EnsureRequestObjectWithoutExpFails', 'without `exp`', signed({ exp: undefined })),
  refuses('EnsureRequestObjectWithoutNbfFails', 'without `nbf`', signed({ nbf: undefined })),
  refuses('EnsureExpiredRequestObjectFails', 'that has run out', signed({ exp: 1_600_000_000 })),
  refuses(
    'EnsureRequestObjectWithBadAudFails',
    'for somebody else',
    signed({ aud: 'https://elsewhere.example' }),
  ),
  refuses('EnsureRequestObjectWithExpOver60Fails', 'that lives for 70 minutes', (party, second) =>
    signed({ exp: nowSeconds() + 4200 })(party, second),
  ),
  refuses('EnsureRequestObjectWithNbfOver60Fails', 'that began 70 minutes ago', (party, second) =>
    signed({ nbf: nowSeconds() - 4200 })(party, second),
  ),
  accepts(
    'EnsureRequestObjectWithNbf8SecondsInTheFutureIsAccepted',
    'that begins in 8 seconds',
    (party, second) => signed({ nbf: nowSeconds() + 8 })(party, second),
  ),
  accepts(
    'EnsureServerAcceptsRequestObjectWithMultipleAud',
    'for us and for somebody else',
    (party, second) =>
      signed({ aud: [party.parts.issuer, 'https://elsewhere.example'] })(party, second),
  ),
  refuses('EnsureSignedRequestObjectWithRS256Fails', 'signed with RS256', rs256),
  refuses('EnsureRequestObjectSignatureAlgorithmIsNotNone', 'without a signature', async (party) =>
    new UnsecuredJWT({ ...usual(party) }).encode(),
  ),
  refuses(
    'EnsureRequestObjectWithInvalidSignatureFails',
    'with a broken signature',
    async (party, second) => (await signed()(party, second)).replace(/.{8}$/, 'AAAAAAAA'),
  ),
  refuses(
    'EnsureMatchingKeyInAuthorizationRequest',
    'signed by another client',
    async (party, second) =>
      new SignJWT({ ...usual(party) }).setProtectedHeader({ alg: 'ES256' }).sign(second.parts.key),
  ),
  {
    name: 'FAPI2SPFinalEnsureUnsignedRequestAtParEndpointFails',
    does: 'pushes its parameters without signing them: `invalid_request`',
    async run({ signing }) {
      const { code, last } = await signing.authorize();
      expect(code).toBe('');
      expectError(last, 'invalid_request', 'invalid_request_object');
    },
  },
  refuses(
    'PARRejectRequestUriInParAuthorizationRequest',
    'that names a `request_uri`',
    (party, second) =>
      signed({ request_uri: 'urn:ietf:params:oauth:request_uri:AAAAAAAAAAAAAAAAAAAAA' })(
        party,
        second,
      ),
  ),
];

/** What `fapi2-message-signing-final-test-plan` adds to the security profile. */
export const fapi2Signing: Plan = {
  name: 'fapi2-message-signing-final-test-plan',
  title: 'FAPI 2.0 message signing, final: what it adds',
  note: 'Run with an application that must sign its requests (JAR). Answers are not signed (JARM).',
  modules,
};
