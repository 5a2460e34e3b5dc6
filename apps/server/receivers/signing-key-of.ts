import type { ServiceSigningKey } from '@proofline/enforce/client';
import type { Sessions } from '@proofline/sessions';
import { importJWK } from 'jose';

/** The issuer’s key that signs now, for requests that go out. It is published at `jwks_uri` under its name. */
export async function signingKeyOf(
  good: ReturnType<Sessions['signingKeys']>,
): Promise<ServiceSigningKey> {
  const [jwk] = good;
  const privateKey = jwk && (await importJWK(jwk, 'ES256'));
  if (!jwk || !privateKey || privateKey instanceof Uint8Array) {
    throw new Error('the issuer has no key yet');
  }
  return { kid: jwk.kid, privateKey };
}
