import { decodeProtectedHeader } from 'jose';
import {
  errors,
  type AdapterPayload,
  type ClientMetadata,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import { goodKey, isKeyGood } from './domain/known-program.ts';

/** Which key of a service its token was obtained with: the token ends with it. */
export const serviceKeyClaim = 'service_kid';

/**
 * A registered service as a client of the token endpoint: its keys that are good now, and no algorithm
 * of its own, since one key may be of P-256 and the next of Ed25519. `undefined`: it is none now.
 */
export async function findServiceClient(
  { clock, services }: SessionsContext,
  clientId: string,
): Promise<AdapterPayload | undefined> {
  const registered = (await services.find(clientId))?.registered;
  const nowMs = clock.now();
  const keys = registered?.keys.filter((key) => isKeyGood(key, nowMs)) ?? [];
  if (keys.length === 0) return undefined;
  const client: ClientMetadata = {
    client_id: clientId,
    token_endpoint_auth_method: 'private_key_jwt',
    // The library's type names RSA members only; its client schema takes any public JWK.
    jwks: { keys: keys.map(({ jwk, kid }) => ({ ...jwk, kid, use: 'sig' }) as never) },
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
    dpop_bound_access_tokens: true,
    id_token_signed_response_alg: 'ES256',
  };
  return client;
}

/**
 * The claim that names the key of a registered service. Its assertion must name the key: else nobody
 * could tell which tokens end with it.
 *
 * @throws InvalidClient
 */
export async function serviceClaims(
  { clock, services }: SessionsContext,
  { oidc }: KoaContextWithOIDC,
): Promise<Record<string, string> | undefined> {
  const known = await services.find(oidc.client?.clientId ?? '');
  if (!known?.registered) return undefined;
  const key = goodKey(known, kidOf(oidc.params?.['client_assertion']), clock.now());
  if (!key) throw new errors.InvalidClient('the client assertion must name its key');
  return { [serviceKeyClaim]: key.kid };
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
