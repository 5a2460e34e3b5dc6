import { importJWK, SignJWT, type JWK } from 'jose';
import { createDevice, type Answer } from './device.ts';
import { createDpopKey, type DpopKey } from './dpop-key.ts';

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
  const device = createDevice();
  const key = await createDpopKey();
  let token: { readonly value: string; readonly expiresAtMs: number } | undefined;
  async function accessToken(): Promise<string> {
    if (token === undefined || token.expiresAtMs < Date.now())
      token = await fetchToken(options, device, key);
    return token.value;
  }
  return {
    credentials: async () => ({ accessToken: await accessToken(), key }),
    async call(method, path, json) {
      const url = `${options.staffOrigin}${path}`;
      const value = await accessToken();
      return device.ask(url, {
        method,
        ...(json === undefined ? {} : { json }),
        headers: {
          authorization: `DPoP ${value}`,
          dpop: await key.prove({ method, url, accessToken: value }),
        },
      });
    },
  };
}

async function fetchToken(
  options: ServiceClientOptions,
  device: ReturnType<typeof createDevice>,
  key: DpopKey,
) {
  const issuer = `${options.staffOrigin}/oidc`;
  const url = `${issuer}/token`;
  const assertion = await new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({
      alg: 'ES256',
      ...(options.privateJwk.kid === undefined ? {} : { kid: options.privateJwk.kid }),
    })
    .setIssuer(options.id)
    .setSubject(options.id)
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime('60s')
    .sign(await importJWK(options.privateJwk, 'ES256'));
  const answer = await device.ask(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      dpop: await key.prove({ method: 'POST', url }),
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      resource: `${options.staffOrigin}/api`,
    }).toString(),
  });
  // RFC 6749 §5.1
  const body = answer.body as { access_token?: string; expires_in?: number };
  if (answer.status !== 200 || body.access_token === undefined) {
    throw new Error(`no token for ${options.id}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return {
    value: body.access_token,
    expiresAtMs: Date.now() + ((body.expires_in ?? 60) - 30) * 1000,
  };
}
