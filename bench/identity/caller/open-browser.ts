import { randomBytes } from 'node:crypto';
import { challengeOf, prove, type BrowserKey } from './browser-key.ts';
import type { Passkey } from './passkey.ts';
import type { RawRequest, RawResponse, Send } from './raw-http.ts';

/** A browser profile with the console in it; nobody is signed in yet. */
export interface Browser {
  /** Pushed request, page, options, assertion, code, token: as the console’s own code does it. */
  signIn(wish?: { readonly maxAgeSeconds?: number }): Promise<void>;
}

export interface BrowserParts {
  readonly staffOrigin: string;
  readonly send: Send;
  readonly passkey: Passkey;
  readonly key: BrowserKey;
}

const CLIENT_ID = 'console';
const FORM = 'application/x-www-form-urlencoded';

export function openBrowser(parts: BrowserParts): Browser {
  const cookies = new Map<string, string>();
  const send = async (request: RawRequest): Promise<RawResponse> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = cookie === '' ? request.headers : { ...request.headers, cookie };
    const response = await parts.send({ ...request, ...(headers && { headers }) });
    for (const line of response.cookies) keep(cookies, line);
    return response;
  };
  return { signIn: (wish = {}) => signIn({ ...parts, send }, wish.maxAgeSeconds) };
}

async function signIn(parts: BrowserParts, maxAgeSeconds: number | undefined): Promise<void> {
  const { staffOrigin } = parts;
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const redirect_uri = `${staffOrigin}/callback.html`;
  const pushed = await post(parts, '/oidc/request', {
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri,
    scope: 'openid',
    resource: `${staffOrigin}/api`,
    state,
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
  });
  const request_uri = textOf(pushed, 'request_uri');
  const query = new URLSearchParams({ client_id: CLIENT_ID, request_uri });
  const page = await follow(parts, `/oidc/auth?${query}`);
  const back = await answerPage(parts, page.pathname);
  const at = await follow(parts, back);
  const code = at.searchParams.get('code');
  if (code === null || at.searchParams.get('state') !== state) throw new Error(`ended at ${at}`);
  const grant = { grant_type: 'authorization_code', client_id: CLIENT_ID, code, redirect_uri };
  const tokens = await post(parts, '/oidc/token', { ...grant, code_verifier: verifier });
  textOf(tokens, 'access_token');
}

function post(
  { send, staffOrigin, key }: BrowserParts,
  target: string,
  form: Readonly<Record<string, string>>,
): Promise<RawResponse> {
  return send({
    method: 'POST',
    target,
    headers: {
      'content-type': FORM,
      origin: staffOrigin,
      dpop: prove(key, `${staffOrigin}${target}`),
    },
    body: new URLSearchParams(form).toString(),
  });
}

async function follow({ send, staffOrigin }: BrowserParts, target: string): Promise<URL> {
  const response = await send({ method: 'GET', target });
  const location = response.headers.get('location');
  if (location === undefined) throw refusal(response);
  return new URL(location, staffOrigin);
}

/** What the page at `/sign-in` does; answers where it goes on. */
async function answerPage(
  { send, staffOrigin: origin, passkey }: BrowserParts,
  page: string,
): Promise<string> {
  const options = await send({
    method: 'POST',
    target: `/api${page}/options`,
    headers: { origin },
  });
  if (options.status !== 200) throw refusal(options);
  const { ceremonyId, publicKey } = JSON.parse(options.body) as {
    ceremonyId: string;
    publicKey: { challenge: string };
  }; // The contract’s form.
  const credential = passkey(publicKey.challenge, origin);
  const answered = await send({
    method: 'POST',
    target: `/api${page}/assertion`,
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ ceremonyId, credential }),
  });
  const { pathname, search } = new URL(textOf(answered, 'redirectTo'), origin);
  return pathname + search;
}

function textOf(response: RawResponse, name: string): string {
  const told: unknown = response.body === '' ? {} : JSON.parse(response.body);
  const text: unknown = Object.entries(told ?? {}).find(([key]) => key === name)?.[1];
  if (typeof text !== 'string') throw refusal(response);
  return text;
}

function refusal({ status, body }: RawResponse): Error {
  return new Error(`refused: ${status} ${body}`);
}

/** RFC 6265 §5.3, as far as this server needs it: what is emptied is forgotten. */
function keep(cookies: Map<string, string>, line: string): void {
  const pair = line.split(';', 1)[0] ?? '';
  const at = pair.indexOf('=');
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
  if (value === '' || /;\s*max-age=0/i.test(line)) cookies.delete(name);
  else cookies.set(name, value);
}
