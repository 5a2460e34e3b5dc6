import { generateDpopKeys, type DpopKeys } from '@proofline/enforce/client';
import { newId, type Id } from '@proofline/kernel';
import type { Application, ApplicationDraft, OidcSettings } from '@proofline/protocol';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import * as oidc from 'openid-client';
import { Browser } from './browser.ts';
import { fetchTo } from './console-client.ts';
import {
  customersIssuerUrl,
  customersOrigin,
  issuerUrl,
  staffOrigin,
  type World,
} from './world.ts';

/** Where the stand-in for a tool is called back; nothing listens there, the browser is stopped before. */
export const toolCallback = 'https://tool.example/callback';

/** A sign-in that was begun, and where the browser stands. */
export interface Begun {
  readonly uid: string;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** The sign-in page, or the tool with a code or an error. */
  readonly location: URL;
}

type Parameters = Readonly<Record<string, string>>;

/** Calls a handler of the module as a security administrator who was permitted to. */
export async function callAsAdmin<T>(world: World, routeId: string, call: object = {}): Promise<T> {
  const mounted = world.sessions.routes.find(({ route }) => route.id === routeId);
  if (!mounted) throw new Error(`${routeId} is not mounted`);
  const decision = { evidenceId: newId('evt', world.ports) };
  const caller = { kind: 'staff', subjectId: world.bela };
  // The edge validates what it passes; here the tests write it, and say what comes back.
  return (await mounted.handler({ caller, decision, ...call } as never)) as T;
}

interface OfOidc {
  readonly settings: OidcSettings;
}

/** What is registered unless a test says otherwise: a website with a key of its own. */
export function draftOf(
  key: JWK,
  {
    settings,
    ...rest
  }: Omit<Partial<ApplicationDraft>, 'settings'> & {
    readonly settings?: Partial<OidcSettings>;
  } = {},
): ApplicationDraft & OfOidc {
  return {
    name: `Tool ${key.x}`,
    realm: 'workforce',
    policy: { acr: 'phr' },
    ...rest,
    settings: {
      protocol: 'oidc',
      kind: 'web',
      redirectUris: [toolCallback],
      proof: { method: 'private_key_jwt', jwks: { keys: [publicHalf(key)] } },
      senderBound: true,
      pushedRequests: true,
      ...settings,
    },
  };
}

// A P-256 key from jose has exactly these members.
const publicHalf = ({ kty, crv, x, y }: JWK) => ({ kty, crv, x, y }) as never;

interface Given extends Omit<Partial<ApplicationDraft>, 'settings'> {
  readonly settings?: Partial<OidcSettings>;
  /** Another client's browser: the same person at the same desk. */
  readonly browser?: Browser;
}

/** A tool that is registered at the world’s issuer, played by openid-client in a browser of its own. */
export class ApplicationClient {
  readonly application: Application & OfOidc;
  readonly browser: Browser;
  readonly config: oidc.Configuration;
  /** Of the realm whose people sign in to it. */
  readonly origin: string;
  readonly keys: DpopKeys;
  /** The key of its client assertions. */
  readonly key: CryptoKey;

  private constructor(parts: Pick<ApplicationClient, 'application' | 'browser' | 'config'> & Keys) {
    this.application = parts.application;
    this.origin = parts.application.realm === 'customers' ? customersOrigin : staffOrigin;
    this.browser = parts.browser;
    this.config = parts.config;
    this.keys = parts.keys;
    this.key = parts.key;
  }

  static async create(world: World, { browser, ...given }: Given = {}): Promise<ApplicationClient> {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const body = draftOf(await exportJWK(pair.privateKey), given);
    const application = await callAsAdmin<Application & OfOidc>(world, 'applications.register', {
      body,
    });
    const { method } = body.settings.proof;
    const proof = method === 'none' ? oidc.None() : oidc.PrivateKeyJwt(pair.privateKey);
    const { applicationId } = application;
    const issuer = body.realm === 'customers' ? customersIssuerUrl : issuerUrl;
    const config = await oidc.discovery(new URL(issuer), applicationId, undefined, proof, {
      [oidc.customFetch]: fetchTo(world.port),
      execute: [oidc.allowInsecureRequests],
    });
    config.timeout = 10;
    const keys = await generateDpopKeys();
    const own = browser ?? new Browser(world.port);
    return new ApplicationClient({ application, browser: own, config, keys, key: pair.privateKey });
  }

  get clientId(): Id<'app'> {
    return this.application.applicationId;
  }

  get #dpop(): { DPoP?: oidc.DPoPHandle } {
    const { senderBound } = this.application.settings;
    return senderBound ? { DPoP: oidc.getDPoPHandle(this.config, this.keys) } : {};
  }

  /** The authorization request: pushed, or in the address, as it is registered. */
  async authorize(parameters: Parameters = {}): Promise<Begun> {
    const verifier = oidc.randomPKCECodeVerifier();
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
    const asked = {
      redirect_uri: this.application.settings.redirectUris[0] ?? '',
      scope: this.application.realm === 'customers' ? 'openid' : 'openid profile',
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...parameters,
    };
    const url = this.application.settings.pushedRequests
      ? await oidc.buildAuthorizationUrlWithPAR(this.config, asked, this.#dpop)
      : oidc.buildAuthorizationUrl(this.config, asked);
    const answer = await this.browser.go(url.href);
    const said = answer.headers.location ?? `about:${answer.status}?${answer.text}`;
    const location = new URL(said, this.origin);
    return { uid: location.pathname.split('/')[2] ?? '', verifier, state, nonce, location };
  }

  /** What the sign-in page is told. */
  async page({ uid }: Begun, path = ''): Promise<Record<string, unknown>> {
    const isCustomers = this.application.realm === 'customers';
    const api = isCustomers ? '/api/customer/sign-ins' : '/api/sign-in';
    const answer = await this.browser.go(`${this.origin}${api}/${uid}${path}`);
    // The stand-in page answers with JSON objects only.
    return JSON.parse(answer.text) as Record<string, unknown>;
  }

  /** The passkey at the page, and the way back to the tool. */
  async answer(begun: Begun, subject: Id<'stf'> | Id<'cus'>, acr = 'phr'): Promise<URL> {
    const reply = await this.page(begun, `/finish?subject=${subject}&acr=${acr}`);
    if (typeof reply['redirectTo'] !== 'string') throw new Error(JSON.stringify(reply));
    const back = await this.browser.go(reply['redirectTo']);
    return new URL(back.headers.location ?? `about:${back.status}?${back.text}`, this.origin);
  }

  redeem(begun: Begun, callback: URL) {
    return oidc.authorizationCodeGrant(
      this.config,
      callback,
      {
        pkceCodeVerifier: begun.verifier,
        expectedState: begun.state,
        expectedNonce: begun.nonce,
        idTokenExpected: true,
      },
      undefined,
      this.#dpop,
    );
  }

  /** From nothing to tokens, with a passkey. */
  async signIn(subject: Id<'stf'> | Id<'cus'>, { acr = 'phr', ...parameters }: Parameters = {}) {
    const begun = await this.authorize(parameters);
    return this.redeem(begun, await this.answer(begun, subject, acr));
  }

  /** Signs out at the issuer, on the page that asks; answers where the browser is sent. */
  async signOut(idToken: string, parameters: Parameters = {}, says = 'yes'): Promise<URL> {
    const url = oidc.buildEndSessionUrl(this.config, { id_token_hint: idToken, ...parameters });
    const page = await this.browser.go(url.href);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const back = await this.browser.go(`${this.origin}/oidc/session/end/confirm`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ xsrf, ...(says === 'yes' && { logout: 'yes' }) }).toString(),
    });
    return new URL(back.headers.location ?? `about:${back.status}?${back.text}`, this.origin);
  }

  /** Who signed in, at the userinfo endpoint. */
  userInfo(accessToken: string, subject: string) {
    return oidc.fetchUserInfo(this.config, accessToken, subject, this.#dpop);
  }
}

interface Keys {
  readonly keys: DpopKeys;
  readonly key: CryptoKey;
}
