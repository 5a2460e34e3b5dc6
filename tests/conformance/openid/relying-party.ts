import { bytesToBase64url, systemRandom } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { SignJWT, type JWTHeaderParameters } from 'jose';
import type { Answer, Device } from '../../../demo/actors/device.ts';
import type { DpopKey } from '../../../demo/actors/dpop-key.ts';
import type { OidcSettings } from '@proofline/protocol';
import type { Person } from './person.ts';

/** Parameters of a request; `undefined` leaves out what would be sent otherwise. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** Claims instead of the usual ones; `undefined` leaves one out. */
export type Claims = Readonly<Record<string, unknown>>;

/** How a request to the token or PAR endpoint differs from an honest one. */
export interface Deviation {
  /** Instead of the client's own assertion: what proves the client, or nothing. */
  readonly proof?: Parameters;
  /** Claims of the client assertion that differ. */
  readonly assertion?: Claims;
  /** Instead of a fresh DPoP proof by the party's key; `null` sends none. */
  readonly dpop?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an authorization request is like. */
export interface Asking {
  readonly parameters?: Parameters;
  /** Sent in the browser's address beside `request_uri`. */
  readonly beside?: Parameters;
  readonly pushing?: Deviation;
  readonly person?: Person;
  /** What happens where a person is asked: the passkey answers, they leave, or nothing at all. */
  readonly whenAsked?: 'answer' | 'leave' | 'wait';
  readonly method?: 'GET' | 'POST';
}

/** Where an authorization request has ended. */
export interface Visit {
  readonly asked: Readonly<Record<string, string>>;
  readonly verifier: string;
  readonly sent: Parameters;
  /** Where the browser was sent back to; `undefined`: it was shown a page. */
  readonly callback: URL | undefined;
  readonly code: string;
  /** The error, at the callback, on the page, or of the pushed request. */
  readonly error: string | undefined;
  /** How often a person was asked for their passkey. */
  readonly prompts: number;
  readonly last: Answer;
}

interface Parts {
  readonly issuer: string;
  readonly clientId: string;
  readonly settings: OidcSettings;
  readonly key: CryptoKey;
  readonly dpop: DpopKey;
  readonly device: Device;
  readonly person: Person;
  /** Where it calls by itself with a certificate, if it does. */
  readonly mutual?: { readonly origin: string; readonly device: Device } | undefined;
  /** How the answer comes back: in the address, or as a form (Form Post Response Mode 1.0). */
  readonly responseMode?: 'form_post';
}

const random = () => bytesToBase64url(systemRandom.bytes(32));
const known = (parameters: Parameters): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );

/** A relying party that speaks the protocol by hand, so that it can say what no honest library would. */
export class RelyingParty {
  readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  get clientId(): string {
    return this.parts.clientId;
  }

  get redirectUri(): string {
    return this.parts.settings.redirectUris[0] ?? '';
  }

  /** The same party at another person's browser. */
  with(other: Partial<Parts>): RelyingParty {
    return new RelyingParty({ ...this.parts, ...other });
  }

  /** A client assertion (RFC 7523 §3), with what is given instead. */
  async assert(
    claims: Claims = {},
    header: JWTHeaderParameters = { alg: 'ES256' },
    key: CryptoKey | Uint8Array = this.parts.key,
  ): Promise<string> {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const { clientId, issuer } = this.parts;
    const usual = { iss: clientId, sub: clientId, aud: issuer, jti: random(), iat: nowSeconds };
    const all = { ...usual, exp: nowSeconds + 60, ...claims };
    return new SignJWT(all).setProtectedHeader(header).sign(key);
  }

  /** A form to an endpoint of the issuer, with proof of the client and of its key. */
  async post(path: string, form: Parameters, deviation: Deviation = {}): Promise<Answer> {
    const { device, issuer } = this.#endpoints;
    const url = `${issuer}${path}`;
    const dpop =
      deviation.dpop ??
      (this.parts.settings.senderBound && deviation.dpop !== null
        ? await this.parts.dpop.prove({ method: 'POST', url })
        : undefined);
    const proof = deviation.proof ?? (await this.#proof(deviation.assertion));
    return device.ask(url, {
      method: 'POST',
      body: new URLSearchParams(known({ ...proof, ...form })).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(dpop === undefined ? {} : { dpop }),
        ...deviation.headers,
      },
    });
  }

  /** Where it calls without a browser. */
  get #endpoints(): Pick<Parts, 'device' | 'issuer'> {
    const { mutual } = this.parts;
    return mutual ? { device: mutual.device, issuer: `${mutual.origin}/oidc` } : this.parts;
  }

  async #proof(assertion?: Claims): Promise<Parameters> {
    if (this.parts.settings.proof.method !== 'private_key_jwt') return { client_id: this.clientId };
    return assertionParameters(await this.assert(assertion));
  }

  /** Authorization request to its end; a person answers where one is asked. */
  async authorize(asking: Asking = {}): Promise<Visit> {
    const verifier = random();
    const sent = known({
      client_id: this.clientId,
      response_type: 'code',
      redirect_uri: this.redirectUri,
      scope: 'openid',
      state: random(),
      nonce: random(),
      code_challenge: sha256Base64url(verifier),
      code_challenge_method: 'S256',
      response_mode: this.parts.responseMode,
      ...asking.parameters,
    });
    const begun = { asked: sent, verifier, sent };
    if (!this.parts.settings.pushedRequests)
      return this.#go(begun, { ...sent, ...asking.beside }, asking);
    const pushed = await this.post('/request', sent, asking.pushing);
    const { error, request_uri: requestUri } = pushed.body as Record<string, string | undefined>; // RFC 9126 §2
    if (requestUri === undefined) {
      return { ...begun, callback: undefined, code: '', error, prompts: 0, last: pushed };
    }
    return this.visit(
      { client_id: this.clientId, request_uri: requestUri, ...asking.beside },
      asking,
      begun,
    );
  }

  /** The authorization endpoint with these parameters and no others. */
  visit(
    parameters: Parameters,
    asking: Asking = {},
    begun: Pick<Visit, 'asked' | 'verifier' | 'sent'> = { asked: {}, verifier: '', sent: {} },
  ): Promise<Visit> {
    return this.#go(begun, parameters, asking);
  }

  async #go(
    begun: Pick<Visit, 'asked' | 'verifier' | 'sent'>,
    parameters: Parameters,
    { method = 'GET', person = this.parts.person, whenAsked = 'answer' }: Asking,
  ): Promise<Visit> {
    const { device, issuer } = this.parts;
    const query = new URLSearchParams(known(parameters)).toString();
    let url = `${issuer}/auth`;
    let prompts = 0;
    let last =
      method === 'GET'
        ? await device.ask(`${url}?${query}`)
        : await device.ask(url, { method, body: query, headers: form });
    for (let hop = 0; hop < 6; hop += 1) {
      const location = last.headers.get('location');
      const at = location === null ? posted(last) : new URL(location, url);
      if (at === undefined)
        return { ...begun, callback: undefined, code: '', error: shown(last), prompts, last };
      url = at.href;
      if (url.startsWith(this.redirectUri)) {
        if ((location === null) !== (this.parts.responseMode === 'form_post'))
          throw new Error('answered in another response mode than was asked for');
        return { ...begun, ...readCallback(at), prompts, last };
      }
      const uid = /^\/sign-in\/([\w-]+)$/.exec(at.pathname)?.[1];
      if (uid !== undefined) {
        prompts += 1;
        if (whenAsked === 'wait')
          return { ...begun, callback: undefined, code: '', error: undefined, prompts, last };
        url = await person[whenAsked](device, uid);
      }
      last = await device.ask(url);
    }
    throw new Error('the authorization goes round in circles');
  }

  /** The token endpoint with the code of a visit. */
  redeem(visit: Visit, parameters: Parameters = {}, deviation: Deviation = {}): Promise<Answer> {
    const { code, sent, verifier } = visit;
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: sent['redirect_uri'],
      code_verifier: verifier,
      ...parameters,
    };
    return this.post('/token', form, deviation);
  }

  /** The userinfo endpoint, as it is meant to be asked. */
  async userInfo(accessToken: string, method = 'GET', dpop?: string): Promise<Answer> {
    const { device, issuer } = this.#endpoints;
    const url = `${issuer}/me`;
    const { senderBound } = this.parts.settings;
    const proof = dpop ?? (await this.parts.dpop.prove({ method, url, accessToken }));
    return device.ask(url, {
      method,
      headers: {
        authorization: `${senderBound ? 'DPoP' : 'Bearer'} ${accessToken}`,
        ...(senderBound && { dpop: proof }),
      },
    });
  }
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** RFC 7523 §2.2. */
export const assertionParameters = (assertion: string): Parameters => ({
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
});

/** The error on a page of ours, or in a JSON body of the protocol's. */
export function shown({ body, status }: Answer): string {
  const { detail, error } = body as { detail?: string; error?: string }; // either form, or neither
  return error ?? detail ?? String(status);
}

/** What a page that sends itself on would post, as an address. */
function posted({ body }: Answer): URL | undefined {
  if (typeof body !== 'string') return undefined;
  const plain = (text = '') => text.replaceAll('&amp;', '&');
  const [, to] = /<form method="post" action="([^"]+)"/.exec(body) ?? [];
  if (to === undefined) return undefined;
  const url = new URL(plain(to));
  for (const [, name = '', value] of body.matchAll(/name="([^"]+)" value="([^"]*)"/g))
    url.searchParams.set(name, plain(value));
  return url;
}

function readCallback(callback: URL): Pick<Visit, 'callback' | 'code' | 'error'> {
  const { searchParams } = callback;
  return {
    callback,
    code: searchParams.get('code') ?? '',
    error: searchParams.get('error') ?? undefined,
  };
}
