import type { X509Certificate } from 'node:crypto';
import { sha256Base64url } from '@proofline/kernel/node';
import type { ServiceProof } from '@proofline/protocol';
import { decodeProtectedHeader } from 'jose';
import {
  errors,
  type AdapterPayload,
  type ClientMetadata,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import { nameDigest } from '../mtls/named-certificate.ts';
import { tokenExchangeGrantType } from '../oidc/clients.ts';
import { goodKey, isKeyGood, type KnownKey, type KnownProgram } from './domain/known-program.ts';

/** Which key of a service its token was obtained with: the token ends with it. */
export const serviceKeyClaim = 'service_kid';

/**
 * A registered service as a client of the token endpoint: its keys that are good now, and no algorithm
 * of its own, since one key may be of P-256 and the next of Ed25519. `undefined`: it is none now.
 */
export async function findServiceClient(
  { clock, mtls, services }: SessionsContext,
  clientId: string,
): Promise<AdapterPayload | undefined> {
  const registered = (await services.find(clientId))?.registered;
  const nowMs = clock.now();
  const keys = registered?.keys.filter((key) => isKeyGood(key, nowMs)) ?? [];
  if (!registered || keys.length === 0) return undefined;
  const proof = proofMetadata(registered.proves, keys, mtls);
  if (!proof) return undefined;
  const client: ClientMetadata = {
    client_id: clientId,
    ...proof,
    redirect_uris: [],
    response_types: [],
    grant_types: [
      'client_credentials',
      ...(registered.serves.length ? [tokenExchangeGrantType] : []),
    ],
    authorization_details_types: ['proofline_case'],
    // Whose requests are signed has tokens that are bound to the key that signs them.
    dpop_bound_access_tokens: registered.proves === 'dpop',
    id_token_signed_response_alg: 'ES256',
  };
  return client;
}

/** How it proves itself; `undefined`: nobody’s certificate is looked at here, or nobody is believed for names. */
function proofMetadata(
  proves: ServiceProof,
  keys: readonly KnownKey[],
  mtls: SessionsContext['mtls'],
): Partial<ClientMetadata> | undefined {
  if (proves === 'named-certificate') {
    if (!mtls?.authorities.length) return undefined;
    return {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_certificate_bound_access_tokens: true,
      // What is compared with it is ours to say (`mtls/mutual-tls.ts`).
      tls_client_auth_subject_dn: keys.map(({ kid }) => kid).join(' '),
    };
  }
  // The library's type names RSA members only; its client schema takes any public JWK.
  const jwks = { keys: keys.map(({ jwk, kid }) => ({ ...jwk, kid, use: 'sig' }) as never) };
  if (proves !== 'certificate') return { token_endpoint_auth_method: 'private_key_jwt', jwks };
  if (!mtls) return undefined;
  return {
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    tls_client_certificate_bound_access_tokens: true,
    jwks,
  };
}

/**
 * The claims that name the key of a registered service, and bind the token to it where its requests are
 * signed (RFC 7800 §3.2). Its assertion must name the key: else nobody could tell which tokens end with it. A
 * certificate names itself, and the library binds to it (RFC 8705 §3).
 *
 * @throws InvalidClient, InvalidDpopProof
 */
export async function serviceClaims(
  { clock, mtls, services }: SessionsContext,
  { headers, oidc, req }: KoaContextWithOIDC,
): Promise<Record<string, unknown> | undefined> {
  const known = await services.find(oidc.client?.clientId ?? '');
  if (!known?.registered) return undefined;
  const { proves } = known.registered;
  // The library binds to whatever proof comes along.
  if (proves !== 'dpop' && headers['dpop'] !== undefined)
    throw new errors.InvalidDpopProof('this service proves nothing by DPoP');
  if (proves === 'certificate' || proves === 'named-certificate') {
    const shown = mtls?.certificateOf(req);
    const key = goodKey(known, shown && certificateKid(shown, proves), clock.now());
    if (!key) throw new errors.InvalidClient('the certificate is not registered');
    return { [serviceKeyClaim]: key.kid };
  }
  const key = assertedKey(known, oidc.params, clock.now());
  if (proves === 'dpop') return { [serviceKeyClaim]: key.kid };
  return { [serviceKeyClaim]: key.kid, cnf: { jwk: key.jwk } };
}

/** By what a certificate is registered, in either way. */
export const certificateKid = (shown: X509Certificate, proves: ServiceProof): string | undefined =>
  proves === 'named-certificate' ? nameDigest(shown) : sha256Base64url(shown.raw);

/**
 * The key that a registered service has just proved itself with, by its assertion.
 *
 * @throws InvalidClient
 */
export function assertedKey(
  known: KnownProgram,
  params: Readonly<Record<string, unknown>> | undefined,
  nowMs: number,
): KnownKey {
  const key = goodKey(known, kidOf(params?.['client_assertion']), nowMs);
  if (!key) throw new errors.InvalidClient('the client assertion must name its key');
  return key;
}

// Verified by the library before: what is read here is what it selected the key by.
function kidOf(assertion: unknown): string | undefined {
  try {
    return typeof assertion === 'string' ? decodeProtectedHeader(assertion).kid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a service's tokens may be for that API (RFC 8707). */
export async function mayBeFor(
  { services, staffOrigin }: SessionsContext,
  clientId: string,
  resource: string,
): Promise<boolean> {
  const known = await services.find(clientId);
  return known?.registered?.audiences.includes(resource) ?? resource === `${staffOrigin}/api`;
}
