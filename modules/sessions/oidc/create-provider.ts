import {
  Provider,
  errors,
  type AccessToken,
  type Account,
  type ClientCredentials,
  type Client,
  type Configuration,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { isId, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { Acr } from '@proofline/protocol';
import { noteSignIn } from '../applications/commands/note-sign-in.ts';
import type { SessionsContext } from '../context.ts';
import {
  authorizationDetailsFeature,
  detailFacts,
  takeRegisteredTypes,
} from '../details/authorization-details.ts';
import { exchangedClaims } from '../exchange/exchange-for-application.ts';
import { grantTtlSeconds } from '../domain/grant-request.ts';
import { limitsOf } from '../domain/session-limits.ts';
import { signInCookieLine } from '../domain/sign-in-cookie.ts';
import { actAt } from '../domain/single-act.ts';
import { followKeys } from '../keys/follow-keys.ts';
import { endpointAliases, mutualTlsFeature } from '../mtls/mutual-tls.ts';
import { mayBeFor, serviceClaims } from '../programs/service-client.ts';
import type { SessionRow } from '../store/tables.ts';
import { cibaFeature, keepPace } from '../ciba/issuer/ciba-feature.ts';
import { expiresSeconds } from '../ciba/domain/limits.ts';
import { findBySecret } from '../ciba/store/request-rows.ts';
import { createAdapterFactory } from './adapter.ts';
import { assertClientAssertion } from './assert-client-assertion.ts';
import { applicationScope } from './application-client.ts';
import { mayIntrospectWith, mayRevoke, resourceForApplication } from './application-tokens.ts';
import { clientsOf, commandLineClientId, tokenExchangeGrantType } from './clients.ts';
import { endSignedOut } from './end-signed-out.ts';
import { createInteractionPolicy } from './interaction-policy.ts';
import { ownGrant } from './own-grants.ts';
import { replayingApplication } from './replayed-codes.ts';
import { tellReplays } from './replays.ts';
import { sessionCookieName } from './session-cookie-name.ts';
import { askToSignOut, saySignedOut } from './sign-out-page.ts';
import { findSessionOfCode, syncSession } from './sync-session.ts';
import { createTokenExchange, tokenExchangeParameters } from './token-exchange.ts';

const interactionTtlSeconds = 10 * 60;
const signInPath = (uid: string): string => `/sign-in/${uid}`;

function accountOf(context: SessionsContext, row: SessionRow): Account {
  return {
    accountId: row.subject_id,
    claims: async (_use, scope) => ({
      sub: row.subject_id,
      sid: row.session_id,
      ...(scope.split(' ').includes('profile') && (await profileOf(context, row.subject_id))),
    }),
  };
}

async function profileOf(context: SessionsContext, subjectId: string) {
  const person = isId('stf', subjectId) ? await context.peers().findStaff(subjectId) : undefined;
  return person && { name: person.displayName };
}

/** Codes name the browser's session; nothing else is redeemed here. */
function sessionUidOf(token: object): string {
  return 'sessionUid' in token ? String(token.sessionUid) : '';
}

function findAccountWith(context: SessionsContext): NonNullable<Configuration['findAccount']> {
  return async (ctx, sub, token) => {
    // Whether there is such a person is not told: nobody is signed in by being named here.
    if (ctx.oidc.route === 'backchannel_authentication')
      return { accountId: sub, claims: async () => ({ sub }) };
    const row =
      token === undefined
        ? await syncSession(context, ctx, sub)
        : await findSessionOfCode(context, ctx, { oidcUid: sessionUidOf(token), subjectId: sub });
    return row && accountOf(context, row);
  };
}

/** The library's grant of consent, which the operator gave by registering the client. */
async function loadGrant(ctx: KoaContextWithOIDC) {
  const { session, client, provider, account } = ctx.oidc;
  if (!session || !client || !account) return undefined;
  const own = ownGrant(ctx);
  if (own) return own;
  const known = session.grantIdFor(client.clientId);
  const found = known === undefined ? undefined : await provider.Grant.find(known);
  if (found?.accountId === account.accountId) return found;
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope(applicationScope);
  await grant.save();
  return grant;
}

/** For an application: its session remembers it, before there is a token. */
async function noteApplication(
  context: SessionsContext,
  { clientId, code, because, row }: Issued,
): Promise<void> {
  if (!isId('app', clientId)) return;
  const acr = Acr.safeParse(code.acr).data;
  const { authTime } = code;
  if (acr === undefined || authTime === undefined) throw new errors.InvalidGrant('no proof');
  const statement = { acr, authTime };
  const noted = { applicationId: clientId, session: row, because, statement };
  const fault = await noteSignIn(context, { ...noted, asked: detailFacts(code.rar) });
  if (fault !== undefined) throw new errors.InvalidGrant(fault);
}

interface Issued {
  readonly clientId: string | undefined;
  readonly row: SessionRow;
  /** The entry of its person’s yes, where they were asked elsewhere. */
  readonly because: Id<'evt'> | undefined;
  readonly code: {
    readonly acr?: string | undefined;
    readonly authTime?: number | undefined;
    readonly rar?: Parameters<typeof detailFacts>[0];
  };
}

async function findAllowed({ storage, tenant }: SessionsContext, authReqId: string) {
  const row = await findBySecret(storage.db, tenant, sha256Base64url(authReqId));
  return row?.evidence_id;
}

/** Claims that resource servers need to judge an authentication (RFC 9068 §2.2.1, RFC 9470 §6). */
function extraClaimsWith(context: SessionsContext) {
  return async (ctx: KoaContextWithOIDC, token: AccessToken | ClientCredentials) => {
    const { AuthorizationCode, BackchannelAuthenticationRequest: asked } = ctx.oidc.entities;
    const code = AuthorizationCode ?? asked;
    if (!('accountId' in token)) return serviceClaims(context, ctx);
    const exchanged = exchangedClaims(token);
    if (exchanged) return exchanged;
    if (!code?.sessionUid) return undefined;
    const { sessionUid: oidcUid } = code;
    const of = { oidcUid, subjectId: token.accountId };
    const row = await findSessionOfCode(context, ctx, of);
    if (!row) throw new errors.InvalidGrant('the session has ended');
    const because = asked && (await findAllowed(context, asked.jti));
    await noteApplication(context, { clientId: token.clientId, row, code, because });
    return { acr: code.acr, amr: code.amr, auth_time: code.authTime, sid: row.session_id };
  };
}

function isFapiClient(client: Client | undefined): boolean {
  return isId('app', client?.clientId) && client.requirePushedAuthorizationRequests === true;
}

function featuresOf(context: SessionsContext): NonNullable<Configuration['features']> {
  const audience = `${context.staffOrigin}/api`;
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: askToSignOut,
      postLogoutSuccessSource: saySignedOut,
    },
    clientCredentials: { enabled: true },
    ciba: cibaFeature(context),
    introspection: { enabled: true, allowedPolicy: mayIntrospectWith(context) },
    revocation: { enabled: true, allowedPolicy: mayRevoke },
    requestObjects: { enabled: true },
    richAuthorizationRequests: authorizationDetailsFeature(),
    ...mutualTlsFeature(context),
    dPoP: { enabled: true, allowReplay: false },
    // Our own clients are required to push, each by its metadata; an application as it is registered.
    pushedAuthorizationRequests: { enabled: true },
    // Whoever pushes and binds is held to it, the issuer as the one audience included (§5.3.2.1).
    fapi: { enabled: true, profile: (_ctx, client) => (isFapiClient(client) ? '2.0' : undefined) },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, client, several) => {
        if (several) throw new errors.InvalidTarget('one resource at a time');
        if (client.clientId === commandLineClientId) throw new errors.InvalidTarget('name the act');
        // Its access token is for the userinfo endpoint, and worth nothing at our API.
        if (isId('app', client.clientId)) return [];
        return audience;
      },
      // What was asked for is what the token is for, and never the userinfo endpoint in its place.
      useGrantedResource: () => true,
      getResourceServerInfo: async (_ctx, resource, client) => {
        const { clientId } = client;
        if (isId('app', clientId)) return resourceForApplication(context, clientId, resource);
        const isOwn =
          client.clientId === commandLineClientId
            ? actAt(context.staffOrigin, resource) !== undefined
            : await mayBeFor(context, client.clientId, resource);
        if (!isOwn) throw new errors.InvalidTarget();
        return {
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: grantTtlSeconds,
          jwt: { sign: { alg: 'ES256' } },
        };
      },
    },
  };
}

function cookiesOf(context: SessionsContext): NonNullable<Configuration['cookies']> {
  // The prefixes bind a cookie to https and to this host (RFC 6265bis §4.1.3).
  const secure = context.staffOrigin.startsWith('https:');
  const options = { httpOnly: true, sameSite: 'lax', signed: true, overwrite: false } as const;
  return {
    keys: [...context.cookieKeys],
    names: {
      session: sessionCookieName(context.staffOrigin),
      interaction: `${secure ? '__Secure-' : ''}oidc_interaction`,
      resume: `${secure ? '__Secure-' : ''}oidc_resume`,
    },
    long: options,
    short: options,
  };
}

function isCalledBackAt({ redirectUris = [] }: Client, origin: string): boolean {
  return redirectUris.some((url) => new URL(url).origin === origin);
}

function configurationOf(context: SessionsContext): Configuration {
  return {
    adapter: createAdapterFactory(context),
    clients: clientsOf(context),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: [
      'none',
      'private_key_jwt',
      ...(context.mtls ? (['self_signed_tls_client_auth'] as const) : []),
    ],
    // Browsers send an Origin with a POST of the console's own page, too; nobody else has business here.
    // An application that runs in a browser calls from where it is called back at.
    clientBasedCORS: (_ctx, origin, client) =>
      isId('app', client.clientId)
        ? client.clientAuthMethod === 'none' && isCalledBackAt(client, origin)
        : origin === context.staffOrigin,
    jwks: { keys: context.keys.good().map((key) => ({ ...key })) },
    cookies: cookiesOf(context),
    features: featuresOf(context),
    acrValues: ['phr', 'phrh'],
    // Ours, and not the library’s: a session ends in more ways than at its own endpoint.
    discovery: {
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      ...endpointAliases(context),
    },
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub', 'sid', 'acr', 'amr', 'auth_time'], profile: ['name'] },
    responseTypes: ['code'],
    pkce: { required: () => true },
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'],
      clientAuthSigningAlgValues: ['ES256', 'EdDSA', 'Ed25519'],
      dPoPSigningAlgValues: ['ES256', 'EdDSA'],
      requestObjectSigningAlgValues: ['ES256', 'EdDSA'],
    },
    allowOmittingSingleRegisteredRedirectUri: false,
    assertJwtClientAuthClaimsAndHeader: async (ctx, claims) =>
      assertClientAssertion(ctx, claims, context.clock.now()),
    // FAPI 2.0 §5.3.2.1: clocks differ by up to ten seconds.
    clockTolerance: 10,
    ttl: {
      AccessToken: grantTtlSeconds,
      AuthorizationCode: 60,
      BackchannelAuthenticationRequest: ({ oidc }) =>
        expiresSeconds(oidc.params?.['requested_expiry']),
      ClientCredentials: grantTtlSeconds,
      Grant: limitsOf('workforce', 'personal').absoluteSeconds,
      IdToken: grantTtlSeconds,
      Interaction: interactionTtlSeconds,
      Session: limitsOf('workforce', 'personal').absoluteSeconds,
    },
    findAccount: findAccountWith(context),
    loadExistingGrant: loadGrant,
    extraTokenClaims: extraClaimsWith(context),
    // An application’s sign-ins of one session share their grant: one of its codes does not end it.
    revokeGrantPolicy: ({ oidc }) =>
      oidc.route !== 'revocation' && replayingApplication() === undefined,
    interactions: {
      policy: createInteractionPolicy(context),
      url: (ctx, interaction) => {
        // The page at /sign-in calls the API below /api/sign-in, which needs the cookie as well.
        ctx.cookies.set(ctx.oidc.provider.cookieName('interaction'), interaction.uid, {
          path: `/api${signInPath(interaction.uid)}`,
          httpOnly: true,
          sameSite: 'lax',
          signed: true,
          overwrite: false,
          maxAge: interactionTtlSeconds * 1000,
        });
        // Written by hand: over http the library refuses `Secure`, which `__Host-` must have.
        ctx.append(
          'set-cookie',
          signInCookieLine(context.cookieKeys, interaction.uid, interactionTtlSeconds),
        );
        return signInPath(interaction.uid);
      },
    },
    renderError: (ctx, out) => {
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

/** The workforce realm's OpenID provider: oidc-provider with everything off that is not needed. */
export function createProvider(context: SessionsContext): Provider {
  const provider = new Provider(`${context.staffOrigin}/oidc`, configurationOf(context));
  // The listener sets the forwarded headers itself, from the configured origin.
  provider.proxy = true;
  tellReplays(provider);
  takeRegisteredTypes(context, provider);
  followKeys(provider, context.keys);
  endSignedOut(context, provider);
  keepPace(context, provider);
  provider.registerGrantType(
    tokenExchangeGrantType,
    createTokenExchange(context, provider),
    tokenExchangeParameters,
  );
  return provider;
}
