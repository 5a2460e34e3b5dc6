import { importJWK } from 'jose';
import * as oauth from 'oauth4webapi';
import { expect, test } from 'vitest';
import { localFetch } from '../../../demo/actors/local-fetch.ts';
import type { RelyingParty } from './relying-party.ts';
import type { Rig } from './rig.ts';

/** Over http on loopback; the library sends bodies as `URLSearchParams`, which go as text here. */
const wire = {
  [oauth.allowInsecureRequests]: true,
  [oauth.customFetch]: (
    url: string,
    { body, ...init }: oauth.CustomFetchOptions<string, unknown>,
  ) =>
    localFetch(url, {
      ...init,
      ...(body === undefined || body === null ? {} : { body: String(body) }),
    }),
} as const;

interface Client {
  readonly as: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly proof: oauth.ClientAuth;
  readonly dpop: { readonly DPoP?: oauth.DPoPHandle };
}

async function open({ issuer }: Rig, { clientId, parts }: RelyingParty): Promise<Client> {
  const url = new URL(issuer);
  const as = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, wire));
  const client: oauth.Client = { client_id: clientId };
  const { senderBound } = parts.settings;
  const dpop = senderBound ? { DPoP: oauth.DPoP(client, parts.dpop.keys) } : {};
  return { as, client, proof: oauth.PrivateKeyJwt(parts.key), dpop };
}

/** What the library asks of a sign-in that it began, and the browser's part in it. */
async function signIn(rig: Rig, party: RelyingParty, wish: Readonly<Record<string, string>> = {}) {
  const { as, client, proof, dpop } = await open(rig, party);
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const asked: Record<string, string> = {
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: party.redirectUri,
    scope: 'openid profile',
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...wish,
  };
  const { callback } = await party.visit(
    party.parts.settings.pushedRequests
      ? {
          client_id: client.client_id,
          request_uri: await push({ as, client, proof, dpop }, asked),
        }
      : asked,
  );
  if (callback === undefined) throw new Error('the browser was not sent back');
  const answered = oauth.validateAuthResponse(as, client, callback, state);
  const options = { ...wire, ...dpop };
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    proof,
    answered,
    party.redirectUri,
    verifier,
    options,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
    ...(wish['max_age'] === undefined ? {} : { maxAge: Number(wish['max_age']) }),
  });
  await oauth.validateApplicationLevelSignature(as, response, wire);
  return { as, client, tokens, options, claims: oauth.getValidatedIdTokenClaims(tokens) };
}

async function push({ as, client, proof, dpop }: Client, asked: Record<string, string>) {
  const options = { ...wire, ...dpop };
  const response = await oauth.pushedAuthorizationRequest(as, client, proof, asked, options);
  const pushed = await oauth.processPushedAuthorizationResponse(as, client, response);
  return pushed.request_uri;
}

/** oauth4webapi 3, which checks every answer to the letter. */
export function describeOauth4webapi(rig: () => Rig): void {
  test.each(['basic', 'fapi'] as const)('oauth4webapi signs in as the party “%s”', async (name) => {
    const { as, client, claims, options, tokens } = await signIn(rig(), rig()[name], {
      acr_values: 'phrh',
      max_age: '3600',
    });
    expect(claims).toMatchObject({ sub: rig().person.subjectId, acr: 'phrh' });
    const response = await oauth.userInfoRequest(as, client, tokens.access_token, options);
    const info = await oauth.processUserInfoResponse(as, client, claims?.sub ?? '', response);
    expect(info.name).toBe('Ana Ruiz');
  });

  test('oauth4webapi is told what went wrong, and reads it', async () => {
    const { fapi, second } = rig();
    const { as, client, dpop } = await open(rig(), fapi);
    const stranger = oauth.PrivateKeyJwt(second.parts.key);
    const pushed = push({ as, client, proof: stranger, dpop }, { response_type: 'code' });
    await expect(pushed).rejects.toMatchObject({ error: 'invalid_client' });
    const visit = await fapi.authorize({
      parameters: { prompt: 'none', max_age: '0', state: 's' },
    });
    const callback = visit.callback ?? new URL('about:blank');
    expect(() => oauth.validateAuthResponse(as, client, callback, 's')).toThrow(
      oauth.AuthorizationResponseError,
    );
  });

  test('oauth4webapi gets a service its token, and reads it as RFC 9068 says', async () => {
    const { company, issuer } = rig();
    const { fapi } = rig();
    const { id, key } = company.secrets.services.telephony;
    const { as } = await open(rig(), fapi);
    const client: oauth.Client = { client_id: id };
    // A P-256 key, which is asymmetric.
    const proof = oauth.PrivateKeyJwt((await importJWK(key, 'ES256')) as CryptoKey);
    const resource = `${company.origins.staff}/api`;
    const response = await oauth.clientCredentialsGrantRequest(
      as,
      client,
      proof,
      { resource },
      {
        ...wire,
        DPoP: oauth.DPoP(client, fapi.parts.dpop.keys),
      },
    );
    const tokens = await oauth.processClientCredentialsResponse(as, client, response);
    const accessToken = tokens.access_token;
    const url = `${resource}/interactions`;
    const dpop = await fapi.parts.dpop.prove({ method: 'GET', url, accessToken });
    const headers = { authorization: `DPoP ${accessToken}`, dpop };
    const claims = await oauth.validateJwtAccessToken(
      as,
      new Request(url, { headers }),
      resource,
      wire,
    );
    expect(claims).toMatchObject({ iss: issuer, client_id: id, sub: id });
  });
}
