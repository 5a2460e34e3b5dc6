import { importJWK, SignJWT, type JWK } from 'jose';
import { bytesToBase64url, type Clock, type Random } from '@proofline/kernel';
import { z } from 'zod';
import { createDpopProof, type DpopKeys } from './create-dpop-proof.ts';
import type { FetchPort } from '../pdp/create-pdp-client.ts';

/** Who asks for tokens, and where. */
export interface ServiceTokenOptions {
  readonly issuer: string;
  /** `svc_…` */
  readonly clientId: string;
  /** ES256 or Ed25519, private. */
  readonly clientKey: JWK;
  /** The key that the tokens are bound to: use the same for the requests. */
  readonly keys: DpopKeys;
  readonly fetch: FetchPort;
  readonly clock: Clock;
  readonly random: Random;
}

const TokenAnswer = z.object({
  access_token: z.string().min(20).max(8192),
  expires_in: z.number().int().positive(),
});

const assertionTtlSeconds = 60;
/** A token is renewed this long before it ends, so that none ends on its way. */
const renewBeforeMs = 30_000;

async function signAssertion(options: ServiceTokenOptions, nowSeconds: number): Promise<string> {
  const { clientId, clientKey, issuer } = options;
  const alg = clientKey.kty === 'OKP' ? 'EdDSA' : 'ES256';
  return new SignJWT({})
    .setProtectedHeader({ alg, ...(clientKey.kid === undefined ? {} : { kid: clientKey.kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setJti(bytesToBase64url(options.random.bytes(16)))
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + assertionTtlSeconds)
    .sign(await importJWK(clientKey, alg));
}

/** What is asked for, beside who asks. */
type Asked = Readonly<Record<string, string>>;

/** @throws when the issuer refuses or cannot be reached. */
export async function requestToken(
  options: ServiceTokenOptions,
  asked: Asked = { grant_type: 'client_credentials' },
): Promise<z.infer<typeof TokenAnswer>> {
  const url = `${options.issuer}/token`;
  const assertion = await signAssertion(options, Math.floor(options.clock.now() / 1000));
  const response = await options.fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      dpop: await createDpopProof(options.keys, { method: 'POST', url }, options),
    },
    body: new URLSearchParams({
      ...asked,
      client_id: options.clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }).toString(),
    signal: AbortSignal.timeout(5000),
  });
  const answer = TokenAnswer.safeParse(await response.json().catch(() => undefined));
  if (!response.ok || !answer.success) {
    throw new Error(`the issuer answered ${response.status} to the service's token request`);
  }
  return answer.data;
}

/**
 * A service's own access tokens (RFC 6749 §4.4 with RFC 7523 and DPoP), renewed before they end.
 * Several callers at once share one request; a failure is not remembered.
 *
 * @throws when the issuer refuses or cannot be reached.
 */
export function createServiceTokens(options: ServiceTokenOptions): () => Promise<string> {
  let current: { readonly token: string; readonly renewAtMs: number } | undefined;
  let pending: Promise<string> | undefined;
  const renew = async (): Promise<string> => {
    const startedAtMs = options.clock.now();
    const answer = await requestToken(options);
    const lifetimeMs = answer.expires_in * 1000;
    current = {
      token: answer.access_token,
      renewAtMs: startedAtMs + Math.max(lifetimeMs / 2, lifetimeMs - renewBeforeMs),
    };
    return current.token;
  };
  return async () => {
    if (current && options.clock.now() < current.renewAtMs) return current.token;
    pending ??= renew().finally(() => {
      pending = undefined;
    });
    return pending;
  };
}
