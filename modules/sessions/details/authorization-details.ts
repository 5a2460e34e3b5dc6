// The types of `weak_cache` are in './weak-cache.d.ts': the library has none.
import { canonicalJson, isId, type Json } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import {
  errors,
  type AuthorizationDetail,
  type Client,
  type KoaContextWithOIDC,
  type Provider,
  type RichAuthorizationRequestsActiveConfiguration,
} from 'oidc-provider';
import instance from 'oidc-provider/lib/helpers/weak_cache.js';
import { oidcSettingsOf } from '../applications/domain/oidc-settings-of.ts';
import type { SessionsContext } from '../context.ts';
import { findUsable } from '../oidc/application-client.ts';
import { exchangedTypes, tokenExchangeGrantType } from '../oidc/clients.ts';
import type { AskedToDo } from '../types.ts';
import { listenForTypes } from './told-types.ts';
import { inWords, parseDetails, whyDetailRefused } from './read-details.ts';

const refuse = (why: string) => new errors.InvalidAuthorizationDetails(why);

/** Where a person reads them before they say yes. */
const shownAt: ReadonlySet<string> = new Set([
  'pushed_authorization_request',
  'authorization',
  'resume',
]);

/**
 * One of the details of a request, where it is asked for: pushed, and at the authorization endpoint. A token
 * exchange reads its own (`oidc/token-exchange.ts`); at the token endpoint nothing else is asked for.
 */
async function validate(
  context: SessionsContext,
  { oidc }: KoaContextWithOIDC,
  { client, detail }: { readonly client: Client; readonly detail: object },
): Promise<void> {
  const { params = {}, route } = oidc;
  if (params['grant_type'] === tokenExchangeGrantType && route === 'token') return;
  if (!isId('app', client.clientId) || !shownAt.has(route))
    throw refuse('authorization_details are not asked for here');
  if (parseDetails(params['authorization_details']) === undefined)
    throw refuse('authorization_details are too long, or too many');
  const types = oidcSettingsOf(await findUsable(context, client.clientId))?.asksToDo ?? [];
  const why = whyDetailRefused(detail, { api: params['resource'], types });
  if (why !== undefined) throw refuse(why);
}

/** What the library is told of details: they stay as they were agreed to, in the one token that they are for. */
export function authorizationDetailsFeature() {
  return {
    enabled: true,
    types: {},
    // Read again from the request of this very interaction: no earlier agreement is added to it.
    authorizationDetailsForGrantSource: (ctx) =>
      parseDetails(ctx.oidc.params?.['authorization_details']),
    authorizationDetailsForAccessToken: (_ctx, token, source) =>
      token.aud === undefined ? undefined : source?.rar,
    authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
  } satisfies RichAuthorizationRequestsActiveConfiguration;
}

/**
 * The library knows its types from the start, and compares a client’s with them; ours are registered
 * meanwhile. So those of an application are told to it with the application, before they are looked at.
 * Whose they are is nobody else’s business: the metadata do not list them.
 */
export function takeRegisteredTypes(context: SessionsContext, provider: Provider): void {
  const { types } = instance(provider).features.richAuthorizationRequests;
  const validator = {
    validate: (ctx: KoaContextWithOIDC, detail: object, client: Client) =>
      validate(context, ctx, { client, detail }),
  };
  for (const type of exchangedTypes) types[type] = validator;
  listenForTypes(context, (names) => {
    for (const name of names) types[name] = validator;
  });
  provider.use(async (ctx: KoaContextWithOIDC, next) => {
    await next();
    if (!('oidc' in ctx) || ctx.oidc.route !== 'discovery') return;
    // The library’s own page of metadata is an object.
    delete (ctx.body as Record<string, unknown>)['authorization_details_types_supported'];
  });
}

/** What a request asks a person to agree to; `undefined`: nothing. */
export async function askedToDo(
  context: SessionsContext,
  params: Readonly<Record<string, unknown>>,
): Promise<AskedToDo[] | undefined> {
  const details = parseDetails(params['authorization_details']);
  if (!details) return undefined;
  const settings = oidcSettingsOf(await findUsable(context, params['client_id']));
  return inWords(details, settings?.asksToDo ?? []);
}

/** What the evidence says of it: its types in clear, and all of it as a digest. */
export function detailFacts(rar: readonly AuthorizationDetail[] | undefined) {
  if (!rar || rar.length === 0) return {};
  return {
    asked: rar.map(({ type }) => type),
    // They were parsed from JSON.
    askedDigest: sha256Base64url(canonicalJson(rar as unknown as Json)),
  };
}
