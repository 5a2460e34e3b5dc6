import * as oidc from 'openid-client';
import { createDpopProof, generateDpopKeys, type DpopKeys } from '@proofline/enforce/client';
import type { Id } from '@proofline/kernel';
import { Browser, send } from './browser.ts';
import { issuerUrl, redirectUri, staffOrigin, gatewayOrigin, type World } from './world.ts';

/** Where a sign-in page stands open. */
export interface OpenPage {
  readonly uid: string;
  readonly verifier: string;
  readonly state: string;
}

/** Which client it is, and in which browser. */
interface As {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly browser?: Browser;
}

interface AuthorizeOptions {
  readonly acr?: string;
  readonly maxAge?: number;
  readonly prompt?: string;
  readonly resource?: string;
  /** Sent along to the authorization endpoint, instead of the browser’s own. */
  readonly headers?: Record<string, string>;
}

/** The console's part, played by openid-client: PAR, PKCE, DPoP, one browser. */
export class ConsoleClient {
  readonly browser: Browser;
  readonly keys: DpopKeys;
  readonly config: oidc.Configuration;
  readonly #world: World;

  readonly #redirectUri: string;

  private constructor(
    world: World,
    as: As,
    { keys, config }: { readonly keys: DpopKeys; readonly config: oidc.Configuration },
  ) {
    this.#world = world;
    this.#redirectUri = as.redirectUri;
    this.browser = as.browser ?? new Browser(world.port);
    this.keys = keys;
    this.config = config;
  }

  static async create(
    world: World,
    as: As = { clientId: 'console', redirectUri },
  ): Promise<ConsoleClient> {
    const config = await oidc.discovery(new URL(issuerUrl), as.clientId, undefined, oidc.None(), {
      [oidc.customFetch]: fetchTo(world.port),
      execute: [oidc.allowInsecureRequests],
    });
    // The library asks for a timeout of its own; the tests have theirs.
    config.timeout = 10;
    return new ConsoleClient(world, as, { keys: await generateDpopKeys(), config });
  }

  get dpop(): oidc.DPoPHandle {
    return oidc.getDPoPHandle(this.config, this.keys);
  }

  /** PAR, then the authorization endpoint: the page that opens, or where the browser is sent. */
  async authorize(options: AuthorizeOptions = {}): Promise<{ page: OpenPage; location: URL }> {
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const parameters: Record<string, string> = {
      redirect_uri: this.#redirectUri,
      scope: 'openid',
      state,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      resource: options.resource ?? `${staffOrigin}/api`,
      ...(options.acr === undefined ? {} : { acr_values: options.acr }),
      ...(options.maxAge === undefined ? {} : { max_age: String(options.maxAge) }),
      ...(options.prompt === undefined ? {} : { prompt: options.prompt }),
    };
    const url = await oidc.buildAuthorizationUrlWithPAR(this.config, parameters, {
      DPoP: this.dpop,
    });
    const answer = await this.browser.go(url.href, { headers: options.headers ?? {} });
    const location = new URL(answer.headers.location ?? 'about:blank', staffOrigin);
    return { page: { uid: location.pathname.split('/')[2] ?? '', verifier, state }, location };
  }

  /** What the sign-in page's API says. */
  async ask(page: OpenPage, path = ''): Promise<Record<string, unknown>> {
    const answer = await this.browser.go(`${staffOrigin}/api/sign-in/${page.uid}${path}`);
    // The stand-in page answers with JSON objects only.
    return JSON.parse(answer.text) as Record<string, unknown>;
  }

  /** The passkey at the page, and the way back to the redirect URI. */
  async answer(page: OpenPage, subject: Id<'stf'>, acr = 'phr'): Promise<URL> {
    const reply = await this.ask(page, `/finish?subject=${subject}&acr=${acr}`);
    if (typeof reply['redirectTo'] !== 'string') throw new Error(JSON.stringify(reply));
    const back = await this.browser.go(reply['redirectTo']);
    return new URL(back.headers.location ?? `about:${back.status}-${back.text}`, staffOrigin);
  }

  async redeem(page: OpenPage, callback: URL, dpop: oidc.DPoPHandle | undefined = this.dpop) {
    return oidc.authorizationCodeGrant(
      this.config,
      callback,
      { pkceCodeVerifier: page.verifier, expectedState: page.state },
      undefined,
      dpop ? { DPoP: dpop } : undefined,
    );
  }

  async signIn(subject: Id<'stf'>, options: AuthorizeOptions & { level?: string } = {}) {
    const { page } = await this.authorize(options);
    return this.redeem(page, await this.answer(page, subject, options.level));
  }

  /** The facts of an API request, as the edge would hand them over. */
  async apiRequest(accessToken: string, path = '/api/self', keys: DpopKeys = this.keys) {
    const url = staffOrigin + path;
    const dpop = await createDpopProof(
      keys,
      { method: 'GET', url, accessToken },
      this.#world.ports,
    );
    const authorization = `DPoP ${accessToken}`;
    return { method: 'GET', url, authorization, dpop, cookie: () => undefined };
  }

  exchange(accessToken: string, details: unknown, overrides: Record<string, string> = {}) {
    return oidc.genericGrantRequest(
      this.config,
      'urn:ietf:params:oauth:grant-type:token-exchange',
      {
        subject_token: accessToken,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource: gatewayOrigin,
        authorization_details: JSON.stringify(details),
        ...overrides,
      },
      { DPoP: this.dpop },
    );
  }
}

/** A `fetch` that reaches the issuer's name on loopback. */
export function fetchTo(port: number): oidc.CustomFetch {
  return async (url, options) => {
    const { body } = options;
    const answer = await send(port, new URL(url), {
      method: options.method,
      headers: Object.fromEntries(new Headers(options.headers)),
      ...(body === undefined || body === null ? {} : { body: String(body) }),
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined) headers.set(name, String(value));
    }
    const empty = answer.status === 204 || answer.status === 303;
    return new Response(empty ? null : answer.text, { status: answer.status, headers });
  };
}
