import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** The key by which the portal proves that it is itself. */
export interface PortalKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: { kty: 'EC'; crv: 'P-256'; x: string; y: string };
}

/** Made at the first start, and kept where the demo keeps its secrets. */
export async function loadPortalKey(directory: string): Promise<PortalKey> {
  const file = join(directory, 'portal-key.json');
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    writeFileSync(file, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600, flag: 'wx' });
  }
  // Written by the lines above.
  const { d = '', x = '', y = '' } = JSON.parse(readFileSync(file, 'utf8')) as JWK;
  const privateKey = await importJWK({ kty: 'EC', crv: 'P-256', d, x, y }, 'ES256');
  if (privateKey instanceof Uint8Array) throw new Error('the portal’s key is not one of a pair');
  return { privateKey, publicJwk: { kty: 'EC', crv: 'P-256', x, y } };
}
