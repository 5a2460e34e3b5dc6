import {
  errors,
  type AccessToken,
  type Account,
  type ClientCredentials,
  type Configuration,
  type KoaContextWithOIDC,
  type Provider,
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
import { actAt } from '../domain/single-act.ts';
import { endpointAliases, mutualTlsFeature } from '../mtls/mutual-tls.ts';
import { mayBeFor, serviceClaims } from '../programs/service-client.ts';
import type { SessionRow } from '../store/tables.ts';
import { askedForSeconds, cibaFeature, keepPace } from '../ciba/issuer/ciba-feature.ts';
import { findBySecret } from '../ciba/store/request-rows.ts';
import { applicationScope } from './application-client.ts';
import { resourceForApplication } from './application-tokens.ts';
import {
  baseConfiguration,
  baseFeatures,
  callsFromItsPage,
  openProvider,
  sessionUidOf,
} from './base-configuration.ts';
import { clientsOf, commandLineClientId, tokenExchangeGrantType } from './clients.ts';
import { createInteractionPolicy } from './interaction-policy.ts';
import { ownGrant } from './own-grants.ts';
import { noteProved } from './proved-client.ts';
import { findSessionOfCode, syncSession } from './sync-session.ts';
import { createTokenExchange, tokenExchangeParameters } from './token-exchange.ts';

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

function findAccountWith(context: SessionsContext): NonNullable<Configuration['findAccount']> {
  return async (ctx, sub, token) => {
    // Whether there is such a person is not told: nobody is signed in by being named here.
    if (ctx.oidc.route === 'backchannel_authentication')
      return { accountId: sub, claims: async () => ({ sub }) };
    const row =
      token === undefined
        ? await syncSession(context, ctx, sub)
        : await findSessionOfCode(context, ctx, { oidcUid: sessionUidOf(token), subjectId: sub });
    if (row && token !== undefined) noteProved(ctx, ctx.oidc.client);
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

function featuresOf(context: SessionsContext): NonNullable<Configuration['features']> {
  const audience = `${context.staffOrigin}/api`;
  return {
    ...baseFeatures(context),
    clientCredentials: { enabled: true },
    ciba: cibaFeature(context),
    richAuthorizationRequests: authorizationDetailsFeature(),
    ...mutualTlsFeature(context),
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

function configurationOf(context: SessionsContext): Configuration {
  const base = baseConfiguration(context);
  return {
    ...base,
    clients: clientsOf(context),
    clientAuthMethods: [
      ...(base.clientAuthMethods ?? []),
      ...(context.mtls ? (['self_signed_tls_client_auth'] as const) : []),
      ...(context.mtls?.authorities.length ? (['tls_client_auth'] as const) : []),
    ],
    // Browsers send an Origin with a POST of the console's own page, too; nobody else has business here.
    clientBasedCORS: (_ctx, origin, client) =>
      isId('app', client.clientId)
        ? callsFromItsPage(client, origin)
        : origin === context.staffOrigin,
    features: featuresOf(context),
    discovery: { ...base.discovery, ...endpointAliases(context) },
    scopes: ['openid', 'profile'],
    claims: { ...base.claims, profile: ['name'] },
    ttl: {
      ...base.ttl,
      BackchannelAuthenticationRequest: askedForSeconds,
      ClientCredentials: grantTtlSeconds,
    },
    findAccount: findAccountWith(context),
    loadExistingGrant: loadGrant,
    extraTokenClaims: extraClaimsWith(context),
    interactions: { ...base.interactions, policy: createInteractionPolicy(context) },
  };
}

/** The workforce realm's OpenID provider: oidc-provider with everything off that is not needed. */
export function createProvider(context: SessionsContext): Provider {
  const provider = openProvider(context, configurationOf(context));
  takeRegisteredTypes(context, provider);
  keepPace(context, provider);
  provider.registerGrantType(
    tokenExchangeGrantType,
    createTokenExchange(context, provider),
    tokenExchangeParameters,
  );
  return provider;
}
