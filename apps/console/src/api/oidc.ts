import { bytesToBase64url, type Random } from '@proofline/kernel';
import type { Acr } from '@proofline/protocol';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import type { BrowserKeys } from './browser-keys.ts';
import type { StepUpChallenge } from './challenge.ts';
import { deriveBase64url, digestBase64url } from './digest.ts';
import type { DpopSigner } from './dpop.ts';
import { NoAnswer } from './refusal.ts';

const CLIENT_ID = 'console';

const Discovery = z.object({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  pushed_authorization_request_endpoint: z.url(),
  token_endpoint: z.url(),
});
const Pushed = z.object({ request_uri: z.string().max(512) });
const TokenReply = z.object({
  access_token: z.string(),
  token_type: z.string().regex(/^DPoP$/i),
  expires_in: z.number().int().positive(),
  id_token: z.string().optional(),
});
const IdToken = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  nonce: z.string(),
});

/** What a token endpoint gave. */
export interface Tokens {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

/** {@link Tokens} of a sign-in, and whose they are. */
export interface SignInTokens extends Tokens {
  readonly subject: string;
}

/** The authorization server's refusal (RFC 6749 §4.1.2.1 and §5.2). */
export class OAuthError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = 'OAuthError';
    this.code = code;
  }
}

export interface OidcDeps {
  /** Our own origin: issuer, API and redirect URI all stand on it. */
  readonly origin: string;
  readonly apiAudience: string;
  readonly keys: BrowserKeys;
  readonly dpop: DpopSigner;
  readonly random: Random;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

export interface AuthorizationOptions extends StepUpChallenge {
  /** `true`: answer from the present session or not at all (`prompt=none`). */
  readonly silent?: boolean;
  /** `true`: whoever comes, and not the person who is signed in in this browser (`prompt=login`). */
  readonly asAnybody?: boolean;
}

/** An authorization that has been pushed and waits for its frame. */
export interface PendingAuthorization {
  readonly url: string;
  readonly state: string;
}

/** The console as an OIDC client: code flow with PKCE, PAR and DPoP. */
export interface OidcClient {
  begin(options: AuthorizationOptions): Promise<PendingAuthorization>;
  /** @throws OAuthError, NoAnswer */
  finish(pending: PendingAuthorization, callback: URLSearchParams): Promise<SignInTokens>;
  /** RFC 8693, with the authorization details of RFC 9396. @throws OAuthError, NoAnswer */
  exchange(request: ExchangeRequest): Promise<Tokens>;
}

export interface ExchangeRequest {
  readonly accessToken: string;
  readonly audience: string;
  readonly details: readonly Readonly<Record<string, unknown>>[];
}

/** An {@link OidcClient} against the issuer on our own origin. */
export function createOidcClient(deps: OidcDeps): OidcClient {
  const redirectUri = `${deps.origin}/callback.html`;
  let discovery: Promise<z.infer<typeof Discovery>> | undefined;
  const endpoints = () => (discovery ??= discover(deps).catch(forget));
  const forget = (error: unknown): never => {
    discovery = undefined;
    throw error;
  };

  return {
    async begin(options) {
      const server = await endpoints();
      const state = bytesToBase64url(deps.random.bytes(24));
      const secrets = await secretsOf(deps.keys, state);
      const pushed = await post(deps, {
        url: server.pushed_authorization_request_endpoint,
        schema: Pushed,
        form: {
          client_id: CLIENT_ID,
          response_type: 'code',
          redirect_uri: redirectUri,
          scope: 'openid',
          resource: deps.apiAudience,
          state,
          nonce: secrets.nonce,
          code_challenge: await digestBase64url(secrets.verifier),
          code_challenge_method: 'S256',
          ...promptOf(options),
        },
      });
      const url = new URL(server.authorization_endpoint);
      url.search = new URLSearchParams({
        client_id: CLIENT_ID,
        request_uri: pushed.request_uri,
      }).toString();
      return { url: url.href, state };
    },

    async finish(pending, callback) {
      const server = await endpoints();
      // RFC 9207 §2.4: an answer of another issuer is no answer.
      if (callback.get('iss') !== server.issuer) throw new NoAnswer('answer of another issuer');
      if (callback.get('state') !== pending.state) throw new NoAnswer('answer to another request');
      const error = callback.get('error');
      if (error) throw new OAuthError(error);
      const { verifier, nonce } = await secretsOf(deps.keys, pending.state);
      const reply = await post(deps, {
        url: server.token_endpoint,
        schema: TokenReply,
        form: {
          grant_type: 'authorization_code',
          client_id: CLIENT_ID,
          code: callback.get('code') ?? '',
          redirect_uri: redirectUri,
          code_verifier: verifier,
          resource: deps.apiAudience,
        },
      });
      return { ...tokensOf(reply), subject: subjectOf(reply.id_token, server.issuer, nonce) };
    },

    async exchange({ accessToken, audience, details }) {
      const server = await endpoints();
      const reply = await post(deps, {
        url: server.token_endpoint,
        schema: TokenReply,
        form: {
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          client_id: CLIENT_ID,
          subject_token: accessToken,
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          resource: audience,
          authorization_details: JSON.stringify(details),
        },
      });
      return tokensOf(reply);
    },
  };
}

function promptOf(options: AuthorizationOptions): Record<string, string> {
  return {
    ...(options.silent ? { prompt: 'none' } : options.asAnybody ? { prompt: 'login' } : {}),
    ...(options.acr ? { acr_values: options.acr satisfies Acr } : {}),
    ...(options.maxAgeSeconds === undefined ? {} : { max_age: String(options.maxAgeSeconds) }),
  };
}

/** Both are functions of the state and a key that cannot be read: nothing to store, nothing to steal. */
async function secretsOf(keys: BrowserKeys, state: string) {
  const [verifier, nonce] = await Promise.all([
    deriveBase64url(keys.derive, `verifier ${state}`),
    deriveBase64url(keys.derive, `nonce ${state}`),
  ]);
  return { verifier, nonce };
}

async function discover(deps: OidcDeps) {
  const url = `${deps.origin}/oidc/.well-known/openid-configuration`;
  const response = await deps.fetch(url, { cache: 'no-store' }).catch(() => undefined);
  const parsed = Discovery.safeParse(await response?.json().catch(() => undefined));
  if (!parsed.success) throw new NoAnswer('the issuer does not describe itself');
  if (Object.values(parsed.data).some((value) => new URL(value).origin !== deps.origin)) {
    throw new NoAnswer('the issuer points away from this origin');
  }
  return parsed.data;
}

interface FormPost<T extends z.ZodType> {
  readonly url: string;
  readonly schema: T;
  readonly form: Readonly<Record<string, string>>;
}

async function post<T extends z.ZodType>(
  deps: OidcDeps,
  { url, schema, form }: FormPost<T>,
): Promise<z.output<T>> {
  const send = async () =>
    deps
      .fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
          dpop: await deps.dpop.proof({ method: 'POST', url }),
        },
        body: new URLSearchParams(form).toString(),
      })
      .catch(() => {
        throw new NoAnswer('the issuer cannot be reached');
      });
  let response = await send();
  // RFC 9449 §8: the issuer wants its nonce in the proof; the same request once more.
  if (deps.dpop.noteNonce(url, response) && !response.ok) response = await send();
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  if (response.ok && parsed.success) return parsed.data;
  const error = z.object({ error: z.string().max(80) }).safeParse(body);
  throw error.success
    ? new OAuthError(error.data.error)
    : new NoAnswer(`issuer: ${response.status}`);
}

function tokensOf(reply: z.infer<typeof TokenReply>): Tokens {
  return { accessToken: reply.access_token, expiresInSeconds: reply.expires_in };
}

/** OpenID Connect Core §3.1.3.7: the token came straight from the issuer, so claims are what is checked. */
function subjectOf(idToken: string | undefined, issuer: string, nonce: string): string {
  const claims = IdToken.safeParse(idToken ? decodeJwt(idToken) : undefined);
  if (!claims.success) throw new NoAnswer('no usable ID token');
  const { iss, sub, aud, nonce: answered } = claims.data;
  const forUs = Array.isArray(aud) ? aud.includes(CLIENT_ID) : aud === CLIENT_ID;
  if (iss !== issuer || !forUs || answered !== nonce) throw new NoAnswer('a foreign ID token');
  return sub;
}
