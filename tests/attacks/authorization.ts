import { sha256Base64url } from '@proofline/kernel/node';
import type { Answer, Device } from '../../demo/actors/device.ts';
import { createDpopKey, type DpopKey } from '../../demo/actors/dpop-key.ts';

/**
 * Pushes an authorization request of the console and opens it in a browser; answers the first hop. The
 * console’s key, without which no session answers, comes along where it is said.
 */
export async function authorize(
  {
    device,
    key = createDpopKey(),
  }: { readonly device: Device; readonly key?: DpopKey | Promise<DpopKey> },
  staffOrigin: string,
  extra: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const url = `${staffOrigin}/oidc/request`;
  const form = new URLSearchParams({
    client_id: 'console',
    response_type: 'code',
    redirect_uri: `${staffOrigin}/callback.html`,
    scope: 'openid',
    resource: `${staffOrigin}/api`,
    state: 'attack',
    code_challenge: sha256Base64url('v'.repeat(43)),
    code_challenge_method: 'S256',
    ...extra,
  });
  const pushed = await device.ask(url, {
    method: 'POST',
    origin: staffOrigin,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      dpop: await (await key).prove({ method: 'POST', url }),
    },
    body: form.toString(),
  });
  const { request_uri: requestUri } = pushed.body as { request_uri?: string }; // RFC 9126 §2.2
  if (requestUri === undefined) return pushed;
  const query = new URLSearchParams({ client_id: 'console', request_uri: requestUri });
  return device.ask(`${staffOrigin}/oidc/auth?${query}`);
}

/** The uid of the sign-in page that an authorization leads to. */
export async function startSignIn(
  device: Device,
  staffOrigin: string,
  extra: Readonly<Record<string, string>> = {},
): Promise<string> {
  const answer = await authorize({ device }, staffOrigin, extra);
  const uid = /\/sign-in\/([\w-]+)/.exec(answer.headers.get('location') ?? '')?.[1];
  if (uid === undefined) throw new Error(`no sign-in page: ${answer.status}`);
  return uid;
}
