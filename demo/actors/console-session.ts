import { bytesToBase64url, systemRandom } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { CeremonyOptions } from '@proofline/protocol';
import type { Answer, Device } from './device.ts';
import { createDpopKey, type DpopKey } from './dpop-key.ts';
import type { SoftwareAuthenticator } from '@proofline/assurance/testing';

/** A refused step: what was asked and what came back. */
export class StepRefused extends Error {
  readonly answer: Answer;
  constructor(step: string, answer: Answer) {
    super(`${step}: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.name = 'StepRefused';
    this.answer = answer;
  }
}

export interface ConsoleOptions {
  readonly staffOrigin: string;
  readonly gatewayOrigin: string;
  readonly device: Device;
  readonly passkeys: SoftwareAuthenticator;
}

/** The staff console's side of the protocol, as its browser code speaks it. */
export interface ConsoleSession {
  readonly key: DpopKey;
  /** Authorization code flow with PAR, PKCE and DPoP; the passkey answers when it is asked. */
  signIn(options?: { readonly acr?: string; readonly maxAgeSeconds?: number }): Promise<void>;
  api(method: string, path: string, json?: unknown): Promise<Answer>;
  /** RFC 8693: session + proof → a grant for one case, at the gateway or at another API. */
  exchange(caseId: string, actions: readonly string[], resource?: string): Promise<Answer>;
  /** The same for an emergency access that is open. */
  exchangeEmergency(breakGlassId: string): Promise<Answer>;
  /** A request at the gateway with a grant. */
  gateway(grant: string, request: GatewayRequest): Promise<Answer>;
  readonly accessToken: string;
}

export interface GatewayRequest {
  readonly method: string;
  readonly path: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const CLIENT_ID = 'console';

/** A console in a browser profile, nobody signed in yet. */
export async function openConsole(options: ConsoleOptions): Promise<ConsoleSession> {
  const key = await createDpopKey();
  const { staffOrigin, gatewayOrigin, device } = options;
  let accessToken = '';
  const bound = async (method: string, url: string, token: string) => ({
    authorization: `DPoP ${token}`,
    dpop: await key.prove({ method, url, accessToken: token }),
  });
  /** RFC 8693, for what these authorization details name (RFC 9396). */
  const exchangeFor = (details: Readonly<Record<string, unknown>>, resource: string) =>
    postForm(device, {
      url: `${staffOrigin}/oidc/token`,
      origin: staffOrigin,
      key,
      form: {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        client_id: CLIENT_ID,
        subject_token: accessToken,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource,
        authorization_details: JSON.stringify([details]),
      },
    });
  return {
    key,
    get accessToken() {
      return accessToken;
    },
    async signIn(wish = {}) {
      accessToken = await authorize(options, key, wish);
    },
    async api(method, path, json) {
      const url = `${staffOrigin}${path}`;
      return device.ask(url, {
        method,
        origin: staffOrigin,
        ...(json === undefined ? {} : { json }),
        headers: await bound(method, url, accessToken),
      });
    },
    exchange: (caseId, actions, resource = gatewayOrigin) =>
      exchangeFor({ type: 'proofline_case', case_id: caseId, actions }, resource),
    exchangeEmergency: (breakGlassId) =>
      exchangeFor({ type: 'proofline_break_glass', break_glass_id: breakGlassId }, gatewayOrigin),
    async gateway(grant, { method, path, json, headers }) {
      const url = `${gatewayOrigin}${path}`;
      return device.ask(url, {
        method,
        origin: staffOrigin,
        ...(json === undefined ? {} : { json }),
        headers: { ...(await bound(method, url, grant)), ...headers },
      });
    },
  };
}

interface FormPost {
  readonly url: string;
  readonly origin: string;
  readonly key: DpopKey;
  readonly form: Readonly<Record<string, string>>;
}

async function postForm(device: Device, { url, origin, key, form }: FormPost): Promise<Answer> {
  return device.ask(url, {
    method: 'POST',
    origin,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      dpop: await key.prove({ method: 'POST', url }),
    },
    body: new URLSearchParams(form).toString(),
  });
}

async function authorize(
  options: ConsoleOptions,
  key: DpopKey,
  wish: { readonly acr?: string; readonly maxAgeSeconds?: number },
): Promise<string> {
  const { staffOrigin, device } = options;
  const issuer = `${staffOrigin}/oidc`;
  const verifier = bytesToBase64url(systemRandom.bytes(32));
  const state = bytesToBase64url(systemRandom.bytes(16));
  const redirectUri = `${staffOrigin}/callback.html`;
  const pushed = await postForm(device, {
    url: `${issuer}/request`,
    origin: staffOrigin,
    key,
    form: {
      client_id: CLIENT_ID,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid',
      resource: `${staffOrigin}/api`,
      state,
      code_challenge: sha256Base64url(verifier),
      code_challenge_method: 'S256',
      ...(wish.acr === undefined ? {} : { acr_values: wish.acr }),
      ...(wish.maxAgeSeconds === undefined ? {} : { max_age: String(wish.maxAgeSeconds) }),
    },
  });
  const { request_uri: requestUri } = pushed.body as { request_uri?: string }; // RFC 9126 §2.2
  if (requestUri === undefined) throw new StepRefused('pushed authorization request', pushed);
  const start = `${issuer}/auth?${new URLSearchParams({ client_id: CLIENT_ID, request_uri: requestUri })}`;
  const code = await followToCode(options, start, { redirectUri, state });
  const tokens = await postForm(device, {
    url: `${issuer}/token`,
    origin: staffOrigin,
    key,
    form: {
      grant_type: 'authorization_code',
      client_id: CLIENT_ID,
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    },
  });
  const { access_token: accessToken } = tokens.body as { access_token?: string }; // RFC 6749 §5.1
  if (accessToken === undefined) throw new StepRefused('token request', tokens);
  return accessToken;
}

async function followToCode(
  options: ConsoleOptions,
  start: string,
  expected: { readonly redirectUri: string; readonly state: string },
): Promise<string> {
  let url = start;
  for (let hop = 0; hop < 8; hop += 1) {
    const answer = await options.device.ask(url);
    const location = answer.headers.get('location');
    if (location === null) throw new StepRefused('authorization', answer);
    url = new URL(location, url).href;
    const at = new URL(url);
    if (`${at.origin}${at.pathname}` === expected.redirectUri)
      return codeOf(at, expected.state, answer);
    const uid = /^\/sign-in\/([\w-]+)$/.exec(at.pathname)?.[1];
    if (uid !== undefined) url = await answerSignIn(options, uid);
  }
  throw new Error('the authorization goes round in circles');
}

function codeOf(at: URL, state: string, answer: Answer): string {
  const code = at.searchParams.get('code');
  if (at.searchParams.get('state') !== state || code === null) {
    throw new StepRefused(`authorization ended: ${at.searchParams.get('error')}`, answer);
  }
  return code;
}

async function answerSignIn(
  { device, staffOrigin, passkeys }: ConsoleOptions,
  uid: string,
): Promise<string> {
  const base = `${staffOrigin}/api/sign-in/${uid}`;
  const asked = await device.ask(`${base}/options`, { method: 'POST', origin: staffOrigin });
  if (asked.status !== 200) throw new StepRefused('sign-in options', asked);
  const { ceremonyId, publicKey } = asked.body as CeremonyOptions; // the contract's form
  const credential = await passkeys.assert({ options: publicKey, origin: staffOrigin });
  const answered = await device.ask(`${base}/assertion`, {
    origin: staffOrigin,
    json: { ceremonyId, credential },
  });
  const { redirectTo } = answered.body as { redirectTo?: string }; // the contract's form
  if (redirectTo === undefined) throw new StepRefused('sign-in assertion', answered);
  return new URL(redirectTo, staffOrigin).href;
}
