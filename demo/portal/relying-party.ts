import { createHash, randomBytes } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, SignJWT, type JSONWebKeySet, type JWTPayload } from 'jose';
import { z } from 'zod';
import { localFetch } from '../actors/local-fetch.ts';
import type { PortalKey } from './portal-key.ts';

/** What the portal knows of itself and of who signs its customers in. */
export interface PortalSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly key: PortalKey;
  /** Where customers come back to. */
  readonly callback: string;
  readonly afterLogout: string;
}

/** A sign-in that was begun: what must come back, and what is kept to redeem it. */
export interface Begun {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** A customer, as the portal has them from the issuer. */
export interface SignedIn {
  readonly idToken: string;
  readonly sid: string;
  readonly acr: string;
  readonly learned: Readonly<Record<string, unknown>>;
}

const Pushed = z.object({ request_uri: z.string() });
const Tokens = z.object({ access_token: z.string(), id_token: z.string() });
const Claims = z.object({ sub: z.string(), sid: z.string(), acr: z.string(), nonce: z.string() });
const random = (): string => randomBytes(32).toString('base64url');
const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';

/** Whoever was asked to sign in chose not to (RFC 6749 §4.1.2.1, `access_denied`). */
export class NotWanted extends Error {
  override readonly name = 'NotWanted';
}

/** The little that an application does: PAR and PKCE, one code, one look at userinfo, and an ear for logouts. */
export function createRelyingParty({
  afterLogout,
  callback,
  clientId,
  issuer,
  key,
}: PortalSettings) {
  const assertion = () =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(issuer)
      .setJti(random())
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(key.privateKey);
  const post = async (
    path: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<unknown> => {
    const body = new URLSearchParams({
      ...parameters,
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await localFetch(`${issuer}${path}`, {
      method: 'POST',
      headers,
      body: body.toString(),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const verify = async (token: string, typ?: string): Promise<JWTPayload> => {
    // RFC 7517 is what the issuer publishes there.
    const jwks = (await (await localFetch(`${issuer}/jwks`)).json()) as JSONWebKeySet;
    const expected = { issuer, audience: clientId, algorithms: ['ES256'], ...(typ && { typ }) };
    return (await jwtVerify(token, createLocalJWKSet(jwks), expected)).payload;
  };
  return {
    async begin(): Promise<Begun> {
      const [state, nonce, verifier] = [random(), random(), random()];
      const { request_uri } = Pushed.parse(
        await post('/request', {
          response_type: 'code',
          redirect_uri: callback,
          scope: 'openid profile account',
          state,
          nonce,
          code_challenge: createHash('sha256').update(verifier).digest('base64url'),
          code_challenge_method: 'S256',
        }),
      );
      const url = `${issuer}/auth?${new URLSearchParams({ client_id: clientId, request_uri })}`;
      return { url, state, nonce, verifier };
    },

    /** @throws where anything about the answer is not what was asked for */
    async redeem(begun: Begun, answer: URLSearchParams): Promise<SignedIn> {
      // RFC 9207: an answer of another issuer is none.
      if (answer.get('state') !== begun.state || answer.get('iss') !== issuer)
        throw new Error('this answer was not asked for');
      const code = answer.get('code');
      const error = answer.get('error');
      if (error === 'access_denied') throw new NotWanted(error);
      if (code === null) throw new Error(error ?? 'there is no code');
      const { verifier: code_verifier } = begun;
      const asked = { grant_type: 'authorization_code', code, redirect_uri: callback };
      const { access_token, id_token: idToken } = Tokens.parse(
        await post('/token', { ...asked, code_verifier }),
      );
      const { acr, nonce, sid, sub } = Claims.parse(await verify(idToken));
      if (nonce !== begun.nonce) throw new Error('this token was not asked for');
      const headers = { authorization: `Bearer ${access_token}` };
      const info = await localFetch(`${issuer}/me`, { headers });
      const learned = z.record(z.string(), z.unknown()).parse(await info.json());
      if (learned['sub'] !== sub) throw new Error('userinfo is about somebody else');
      return { idToken, sid, acr, learned };
    },

    /** The session that has ended, of a logout token (Back-Channel Logout 1.0 §2.6). */
    async ended(logoutToken: string): Promise<string> {
      const { events, nonce, sid } = await verify(logoutToken, 'logout+jwt');
      const isLogout = typeof events === 'object' && events !== null && LOGOUT in events;
      if (!isLogout || nonce !== undefined || typeof sid !== 'string')
        throw new Error('this is no logout token');
      return sid;
    },

    signOutUrl: (idToken: string) =>
      `${issuer}/session/end?${new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: afterLogout })}`,
  };
}
