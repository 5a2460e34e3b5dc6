import { isId } from '@proofline/kernel';
import type { Realm } from '@proofline/protocol';
import { Provider, type Client, type Configuration } from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import { grantTtlSeconds } from '../domain/grant-request.ts';
import { limitsOf } from '../domain/session-limits.ts';
import { signInCookieLine } from '../domain/sign-in-cookie.ts';
import { followKeys } from '../keys/follow-keys.ts';
import { createAdapterFactory } from './adapter.ts';
import { mayIntrospectWith, mayRevoke } from './application-tokens.ts';
import { assertClientAssertion } from './assert-client-assertion.ts';
import { isVisit, sayItCannotGoOn } from './plain-page.ts';
import { noteProved } from './proved-client.ts';
import { endSignedOut } from './end-signed-out.ts';
import { replayingApplication } from './replayed-codes.ts';
import { tellReplays } from './replays.ts';
import { sessionCookieName } from './session-cookie-name.ts';
import { askToSignOut, saySignedOut } from './sign-out-page.ts';

const interactionTtlSeconds = 10 * 60;
const signInPath = (uid: string): string => `/sign-in/${uid}`;

/** Codes and tokens name the browser's session; nothing else is redeemed here. */
export function sessionUidOf(token: object): string {
  return 'sessionUid' in token ? String(token.sessionUid) : '';
}

/** An application that runs in a browser calls from where it is called back at. */
export function callsFromItsPage(client: Client, origin: string): boolean {
  const { clientAuthMethod, redirectUris = [] } = client;
  return clientAuthMethod === 'none' && redirectUris.some((url) => new URL(url).origin === origin);
}

function isFapiClient(client: Client | undefined): boolean {
  return isId('app', client?.clientId) && client.requirePushedAuthorizationRequests === true;
}

/** What both issuers can do. */
export function baseFeatures(context: SessionsContext) {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: askToSignOut,
      postLogoutSuccessSource: saySignedOut,
    },
    introspection: { enabled: true, allowedPolicy: mayIntrospectWith(context) },
    revocation: { enabled: true, allowedPolicy: mayRevoke },
    requestObjects: { enabled: true },
    dPoP: { enabled: true, allowReplay: false },
    // Our own clients are required to push, each by its metadata; an application as it is registered.
    pushedAuthorizationRequests: { enabled: true },
    // Whoever pushes and binds is held to it, the issuer as the one audience included (§5.3.2.1).
    fapi: { enabled: true, profile: (_ctx, client) => (isFapiClient(client) ? '2.0' : undefined) },
  } satisfies Configuration['features'];
}

function cookiesOf({ cookieKeys, origin }: SessionsContext): Configuration['cookies'] {
  // The prefixes bind a cookie to https and to this host (RFC 6265bis §4.1.3).
  const secure = origin.startsWith('https:');
  const options = { httpOnly: true, sameSite: 'lax', signed: true, overwrite: false } as const;
  return {
    keys: [...cookieKeys],
    names: {
      session: sessionCookieName(origin),
      interaction: `${secure ? '__Secure-' : ''}oidc_interaction`,
      resume: `${secure ? '__Secure-' : ''}oidc_resume`,
    },
    long: options,
    short: options,
  };
}

/** Where the page of an interaction asks what it is for, and answers it. */
const apiOf = (realm: Realm, uid: string): string =>
  realm === 'workforce' ? `/api/sign-in/${uid}` : `/api/customer/sign-ins/${uid}`;

function urlWith({ cookieKeys, realm }: SessionsContext) {
  const url: NonNullable<Configuration['interactions']>['url'] = (ctx, { uid }) => {
    // The page at /sign-in calls the API, which needs the cookie as well.
    ctx.cookies.set(ctx.oidc.provider.cookieName('interaction'), uid, {
      path: apiOf(realm, uid),
      httpOnly: true,
      sameSite: 'lax',
      signed: true,
      overwrite: false,
      maxAge: interactionTtlSeconds * 1000,
    });
    // Written by hand: over http the library refuses `Secure`, which `__Host-` must have.
    ctx.append('set-cookie', signInCookieLine(cookieKeys, uid, interactionTtlSeconds));
    return signInPath(uid);
  };
  return url;
}

/** What the issuers of both realms have in common; what is told to whom, each of them says itself. */
export function baseConfiguration(context: SessionsContext): Configuration {
  const { absoluteSeconds } = limitsOf(context.realm, 'personal');
  return {
    adapter: createAdapterFactory(context),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: ['none', 'private_key_jwt'],
    jwks: { keys: context.keys.good().map((key) => ({ ...key })) },
    cookies: cookiesOf(context),
    acrValues: ['phr', 'phrh'],
    // Ours, and not the library’s: a session ends in more ways than at its own endpoint.
    discovery: {
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    },
    claims: { openid: ['sub', 'sid', 'acr', 'amr', 'auth_time'] },
    responseTypes: ['code'],
    pkce: { required: () => true },
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'],
      clientAuthSigningAlgValues: ['ES256', 'EdDSA', 'Ed25519'],
      dPoPSigningAlgValues: ['ES256', 'EdDSA'],
      requestObjectSigningAlgValues: ['ES256', 'EdDSA'],
    },
    allowOmittingSingleRegisteredRedirectUri: false,
    assertJwtClientAuthClaimsAndHeader: async (ctx, claims) => {
      assertClientAssertion(ctx, claims, context.clock.now());
      noteProved(ctx, ctx.oidc.client);
    },
    // FAPI 2.0 §5.3.2.1: clocks differ by up to ten seconds.
    clockTolerance: 10,
    ttl: {
      AccessToken: grantTtlSeconds,
      AuthorizationCode: 60,
      Grant: absoluteSeconds,
      IdToken: grantTtlSeconds,
      Interaction: interactionTtlSeconds,
      Session: absoluteSeconds,
    },
    // An application’s sign-ins of one session share their grant: one of its codes does not end it.
    revokeGrantPolicy: ({ oidc }) =>
      oidc.route !== 'revocation' && replayingApplication() === undefined,
    interactions: { url: urlWith(context) },
    renderError: (ctx, out) => {
      if (isVisit(ctx)) return sayItCannotGoOn(ctx);
      ctx.type = 'application/problem+json';
      ctx.body = {
        type: '/docs/errors/signin.unknown',
        title: 'This sign-in cannot go on.',
        status: ctx.status,
        code: 'signin.unknown',
        detail: out.error,
      };
    },
  };
}

/** oidc-provider at the address of a realm’s issuer, with what it leaves to its host. */
export function openProvider(context: SessionsContext, configuration: Configuration): Provider {
  const provider = new Provider(context.issuer, configuration);
  // The listener sets the forwarded headers itself, from the configured origin.
  provider.proxy = true;
  tellReplays(provider);
  followKeys(provider, context.keys);
  endSignedOut(context, provider);
  return provider;
}
