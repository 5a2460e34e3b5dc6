import { isId } from '@proofline/kernel';
import { Acr } from '@proofline/protocol';
import {
  errors,
  type AccessToken,
  type Account,
  type ClientCredentials,
  type Configuration,
  type KoaContextWithOIDC,
  type Provider,
} from 'oidc-provider';
import { noteSignIn } from '../../applications/commands/note-sign-in.ts';
import { askedForSeconds, cibaFeature, keepPace } from '../../ciba/issuer/ciba-feature.ts';
import { readLoginHint } from '../../ciba/issuer/read-login-hint.ts';
import { pairwiseName } from '../../consents/domain/pairwise-name.ts';
import { standingConsent } from '../../consents/standing-consent.ts';
import { findConsent } from '../../consents/store/consent-rows.ts';
import type { SessionsContext } from '../../context.ts';
import type { SessionRow } from '../../store/tables.ts';
import { dataAsked, findUsable, scopeForData } from '../application-client.ts';
import {
  baseConfiguration,
  baseFeatures,
  callsFromItsPage,
  openProvider,
  sessionUidOf,
} from '../base-configuration.ts';
import { noteBasis } from '../judged-by.ts';
import { noteProved } from '../proved-client.ts';
import { findSessionOfCode, syncSession } from '../sync-session.ts';
import { customerInteractionPolicy } from './consent-check.ts';
import { registeredKeys } from './registered-keys.ts';

/** What the customer agreed to that is asked for, and nothing else of them. */
function accountOf(
  context: SessionsContext,
  row: SessionRow,
  clientId: string | undefined,
): Account {
  return {
    accountId: row.subject_id,
    claims: async (_use, scope) => ({
      sub: row.subject_id,
      sid: await sessionNameFor(context, clientId, row),
      ...(await dataOf(context, row.subject_id, scope)),
    }),
  };
}

/** What this application calls the session. */
async function sessionNameFor(
  context: SessionsContext,
  clientId: string | undefined,
  row: SessionRow,
): Promise<string> {
  const application = await findUsable(context, clientId);
  if (!application) throw new errors.InvalidClient('client is unknown');
  return pairwiseName(context, application, row.session_id);
}

async function dataOf(context: SessionsContext, customerId: string, scope: string) {
  const asked = dataAsked(scope);
  if (asked.length === 0 || !isId('cus', customerId)) return {};
  const customer = await context.peers().findCustomer(customerId);
  return {
    ...(customer && asked.includes('name') && { name: customer.name }),
    ...(customer && asked.includes('account-number') && { account_number: customer.accountNumber }),
  };
}

/** An ID token names its customer as the application knows them; the other hints were read before. */
async function accountAsked(context: SessionsContext, ctx: KoaContextWithOIDC, sub: string) {
  if (isId('cus', sub)) return sub;
  const { client, params } = ctx.oidc;
  return readLoginHint(context, sub, { clientId: client?.clientId, scope: params?.['scope'] });
}

function findAccountWith(context: SessionsContext): NonNullable<Configuration['findAccount']> {
  return async (ctx, sub, token) => {
    if (ctx.oidc.route === 'backchannel_authentication') {
      // Whether there is such a person is not told: nobody is signed in by being named here.
      const accountId = await accountAsked(context, ctx, sub);
      return { accountId, claims: async () => ({ sub: accountId }) };
    }
    // What codes and tokens rest on besides, an agreement too, is looked at where they are read.
    const row =
      token === undefined
        ? await syncSession(context, ctx, sub)
        : await findSessionOfCode(context, ctx, { oidcUid: sessionUidOf(token), subjectId: sub });
    if (row && token !== undefined) noteProved(ctx, ctx.oidc.client);
    return row && accountOf(context, row, ctx.oidc.client?.clientId);
  };
}

/** The library’s grant of consent, made of the agreement that stands. */
function loadGrantWith(context: SessionsContext): Configuration['loadExistingGrant'] {
  return async ({ oidc }: KoaContextWithOIDC) => {
    const { account, client, params, provider, session } = oidc;
    const application = await findUsable(context, client?.clientId);
    if (!session || !client || !account || !application) return undefined;
    const { accountId } = account;
    const learns = dataAsked(params?.['scope']);
    const consent = await standingConsent(context, application, { customerId: accountId, learns });
    if (!consent) return undefined;
    noteBasis(application.applicationId, { consentId: consent.evidenceId });
    const scope = scopeForData(consent.learns);
    const known = session.grantIdFor(client.clientId);
    const found = known === undefined ? undefined : await provider.Grant.find(known);
    if (found?.accountId === accountId && found.getOIDCScope() === scope) return found;
    const grant = new provider.Grant({ accountId, clientId: client.clientId });
    grant.addOIDCScope(scope);
    await grant.save();
    return grant;
  };
}

type Entities = KoaContextWithOIDC['oidc']['entities'];

/** The session remembers the application, and the agreement is looked at once more, before there is a token. */
async function note(
  context: SessionsContext,
  row: SessionRow,
  { AuthorizationCode, BackchannelAuthenticationRequest: asked, Client: client }: Entities,
): Promise<void> {
  const code = AuthorizationCode ?? asked;
  const acr = Acr.safeParse(code?.acr).data;
  const { clientId: applicationId } = client ?? {};
  const customerId = row.subject_id;
  if (!isId('app', applicationId) || !isId('cus', customerId) || !acr || !code?.authTime)
    throw new errors.InvalidGrant('no proof');
  const of = { applicationId, customerId };
  const consent = await findConsent(context.storage.db, context, of);
  const fault = await noteSignIn(context, {
    applicationId,
    session: row,
    because: consent?.evidenceId,
    statement: { acr, authTime: code.authTime },
    holds: async (tx) => {
      const now = await findConsent(tx, context, of);
      const covers = dataAsked(code.scope).every((datum) => now?.learns.includes(datum));
      return covers && now && now.evidenceId === consent?.evidenceId
        ? undefined
        : 'this was taken back';
    },
  });
  if (fault !== undefined) throw new errors.InvalidGrant(fault);
}

/** Claims that resource servers need to judge an authentication (RFC 9068 §2.2.1, RFC 9470 §6). */
function extraClaimsWith(context: SessionsContext) {
  return async (ctx: KoaContextWithOIDC, token: AccessToken | ClientCredentials) => {
    const { AuthorizationCode, BackchannelAuthenticationRequest: asked } = ctx.oidc.entities;
    const code = AuthorizationCode ?? asked;
    if (!('accountId' in token) || !code?.sessionUid) return undefined;
    const of = { oidcUid: code.sessionUid, subjectId: token.accountId };
    const row = await findSessionOfCode(context, ctx, of);
    if (!row) throw new errors.InvalidGrant('the session has ended');
    await note(context, row, ctx.oidc.entities);
    const { acr, amr, authTime: auth_time } = code;
    return { acr, amr, auth_time, sid: await sessionNameFor(context, token.clientId, row) };
  };
}

function configurationOf(context: SessionsContext): Configuration {
  const base = baseConfiguration(context);
  return {
    ...base,
    clients: [],
    clientBasedCORS: (_ctx, origin, client) => callsFromItsPage(client, origin),
    features: {
      ...baseFeatures(context),
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, several) => {
          if (several) throw new errors.InvalidTarget('one resource at a time');
          // Its access token is for the userinfo endpoint, and worth nothing at our API.
          return [];
        },
        // Nobody has agreed to one for an API, whatever is registered.
        getResourceServerInfo: () => {
          throw new errors.InvalidTarget();
        },
      },
      ciba: cibaFeature(context),
    },
    ttl: { ...base.ttl, BackchannelAuthenticationRequest: askedForSeconds },
    ...registeredKeys((clientId) => findUsable(context, clientId)),
    scopes: ['openid', 'profile', 'account'],
    claims: { ...base.claims, profile: ['name'], account: ['account_number'] },
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: async (_ctx, accountId, client) => {
      const application = await findUsable(context, client.clientId);
      if (!application || !isId('cus', accountId))
        throw new errors.InvalidClient('client is unknown');
      return pairwiseName(context, application, accountId);
    },
    findAccount: findAccountWith(context),
    loadExistingGrant: loadGrantWith(context),
    extraTokenClaims: extraClaimsWith(context),
    interactions: { ...base.interactions, policy: customerInteractionPolicy(context) },
  };
}

/**
 * The customers’ OpenID provider. Its clients are the registered applications of customers; it knows no
 * other, nobody acts here for anybody, and every application calls a customer by another name.
 */
export function createCustomerProvider(context: SessionsContext): Provider {
  const provider = openProvider(context, configurationOf(context));
  keepPace(context, provider);
  return provider;
}
