import { createServiceTokens } from '@proofline/enforce/client';
import { systemClock, systemRandom } from '@proofline/kernel';
import type { JWK } from 'jose';
import { createDevice, type Answer } from './device.ts';
import { createDpopKey, type DpopKey } from './dpop-key.ts';
import { localFetch } from './local-fetch.ts';

/** A service that calls Proofline's API: it authenticates with its private key, never with a secret. */
export interface ServiceClient {
  /** A call with a DPoP-bound token (client credentials, RFC 7523 private_key_jwt). */
  call(method: string, path: string, json?: unknown): Promise<Answer>;
  /** The token and the key behind it: for attack tests. */
  credentials(): Promise<{ readonly accessToken: string; readonly key: DpopKey }>;
}

export interface ServiceClientOptions {
  readonly id: string;
  readonly privateJwk: JWK;
  readonly staffOrigin: string;
}

/** @see ServiceClient */
export async function createServiceClient(options: ServiceClientOptions): Promise<ServiceClient> {
  const { id, privateJwk, staffOrigin } = options;
  const device = createDevice();
  const key = await createDpopKey();
  const tokens = createServiceTokens({
    issuer: `${staffOrigin}/oidc`,
    clientId: id,
    clientKey: privateJwk,
    keys: key.keys,
    fetch: localFetch,
    clock: systemClock,
    random: systemRandom,
  });
  return {
    credentials: async () => ({ accessToken: await tokens(), key }),
    async call(method, path, json) {
      const url = `${staffOrigin}${path}`;
      const accessToken = await tokens();
      return device.ask(url, {
        method,
        ...(json === undefined ? {} : { json }),
        headers: {
          authorization: `DPoP ${accessToken}`,
          dpop: await key.prove({ method, url, accessToken }),
        },
      });
    },
  };
}
