import { isId } from '@proofline/kernel';
import { Acr } from '@proofline/protocol';
import {
  errors,
  type AccessToken,
  type Client,
  type Provider,
  type TokenEndpointGrantContext,
} from 'oidc-provider';
import * as grants from 'oidc-provider/lib/helpers/grants.js';
import { noteActing } from '../applications/commands/note-acting.ts';
import { oidcSettingsOf } from '../applications/domain/oidc-settings-of.ts';
import type { ApplicationRow } from '../applications/store/application-rows.ts';
import type { SessionsContext } from '../context.ts';
import { grantTtlSeconds } from '../domain/grant-request.ts';
import { stateAssurance } from '../domain/levels.ts';
import { findUsable } from '../oidc/application-client.ts';
import { resourceForApplication } from '../oidc/application-tokens.ts';
import { tokenExchangeGrantType } from '../oidc/clients.ts';
import { findSubjectSession } from '../oidc/sync-session.ts';
import type { SessionRow } from '../store/tables.ts';
import { actBy, type Act } from './act-chain.ts';

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

/** What a token says besides, where no code says it. */
const claimsOf = new WeakMap<object, Readonly<Record<string, unknown>>>();

/** What a token that was exchanged says of its person and of who acts; `undefined`: it is no such one. */
export const exchangedClaims = (token: object) => claimsOf.get(token);

interface Asked {
  readonly application: ApplicationRow;
  readonly subject: AccessToken;
  readonly row: SessionRow;
  readonly resource: string;
  readonly act: Act;
}

/** Whether a token is for an API of this application’s, and for no other. */
function isFor(application: ApplicationRow, { aud }: AccessToken): boolean {
  const [audience, ...more] = [aud ?? []].flat();
  const { serves = [] } = oidcSettingsOf(application) ?? {};
  return audience !== undefined && more.length === 0 && serves.includes(audience);
}

/** The token that this application was called with: of a live session, and for an API of its own. */
async function findSubject(
  context: SessionsContext,
  provider: Provider,
  { application, token }: { readonly application: ApplicationRow; readonly token: unknown },
) {
  // One answer for all of them: nobody learns here which tokens there are (P9).
  const invalid = new errors.InvalidGrant('subject_token is not valid');
  const subject = typeof token === 'string' ? await provider.AccessToken.find(token) : undefined;
  if (!subject?.isValid || !isFor(application, subject)) throw invalid;
  const issuedTo = await findUsable(context, subject.clientId);
  const row = await findSubjectSession(context, subject.sessionUid ?? '', subject.accountId);
  if (!issuedTo || !row) throw invalid;
  return { subject, issuedTo, row };
}

/** Never wider than either: where who was given the token may not go, who was called with it may not. */
function requireTarget(resource: unknown, both: readonly ApplicationRow[]): string {
  const mayAsk = (one: ApplicationRow, api: string) =>
    oidcSettingsOf(one)?.asksFor?.includes(api) === true;
  if (typeof resource !== 'string' || !both.every((one) => mayAsk(one, resource)))
    throw new errors.InvalidTarget();
  return resource;
}

/** What its policy asks of a sign-in, it asks of whoever it acts for. */
function requireAssurance({ policy }: ApplicationRow, { extra }: AccessToken, nowMs: number): void {
  const acr = Acr.safeParse(extra?.['acr']).data;
  const authTime = Number(extra?.['auth_time']);
  const demand = {
    acrValues: [policy.acr],
    ...(policy.maxAgeSeconds !== undefined && { maxAgeSeconds: policy.maxAgeSeconds }),
  };
  const levels = acr === 'phrh' ? { phr: authTime, phrh: authTime } : { phr: authTime };
  if (acr && stateAssurance(levels, demand, Math.floor(nowMs / 1000))) return;
  throw new errors.InvalidGrant('the person has proved less than this application asks for');
}

async function readAsked(
  context: SessionsContext,
  provider: Provider,
  { oidc }: TokenEndpointGrantContext,
): Promise<Asked> {
  const { client, params } = oidc;
  const application = await findUsable(context, client.clientId);
  const settings = oidcSettingsOf(application);
  if (!application || !settings?.actsFor) throw new errors.UnauthorizedClient('it acts for nobody');
  const types = [params['subject_token_type'], params['requested_token_type'] ?? accessTokenType];
  if (types.some((type) => type !== accessTokenType))
    throw new errors.InvalidRequest('only access tokens are exchanged');
  const token = params['subject_token'];
  const { subject, issuedTo, row } = await findSubject(context, provider, { application, token });
  requireAssurance(application, subject, context.clock.now());
  const resource = requireTarget(params.resource, [application, issuedTo]);
  const act = actBy(client.clientId, subject.extra?.['act']);
  if (!act) throw new errors.InvalidGrant('the chain of who acts is too long, or goes round');
  return { application, subject, row, resource, act };
}

/** Bound to a key of who acts, by a proof or by its connection. */
async function bind(provider: Provider, ctx: TokenEndpointGrantContext, token: AccessToken) {
  const proof = await grants.validateDpop(provider, ctx);
  const certificate = grants.checkMtlsCert(provider, ctx);
  if (!proof && !certificate)
    throw new errors.InvalidDpopProof('a proof of possession is required');
  const { clientId } = ctx.oidc.client;
  await grants.checkDpopReplay(provider, ctx, proof, clientId, errors.InvalidDpopProof);
  if (certificate) token.setThumbprint('x5t', certificate);
  else if (proof) token.setThumbprint('jkt', proof.thumbprint);
}

function makeToken(
  provider: Provider,
  client: Client,
  { subject, nowMs }: Pick<Asked, 'subject'> & { readonly nowMs: number },
): AccessToken {
  const left = Math.floor((subject.exp ?? 0) - nowMs / 1000);
  return new provider.AccessToken({
    accountId: subject.accountId,
    client,
    gty: tokenExchangeGrantType,
    sessionUid: subject.sessionUid,
    // It does not outlive what it was got with.
    expiresIn: Math.max(1, Math.min(grantTtlSeconds, left)),
  } as never); // the library’s own constructor takes these; its type names no expiry
}

/**
 * Token exchange (RFC 8693) of an application that was called with somebody’s token, for another API: the
 * same person, this application as `act`, and whoever acted before it within. Opaque like every token of an
 * application: over with the session, and with any change of who acts.
 */
export async function exchangeForApplication(
  context: SessionsContext,
  provider: Provider,
  ctx: TokenEndpointGrantContext,
): Promise<void> {
  const { client } = ctx.oidc;
  const asked = await readAsked(context, provider, ctx);
  const { act, application, resource, row, subject } = asked;
  const token = makeToken(provider, client, { subject, nowMs: context.clock.now() });
  await bind(provider, ctx, token);
  const info = await resourceForApplication(context, client.clientId, resource);
  token.resourceServer = new provider.ResourceServer(resource, info);
  token.scope = '';
  const { acr, amr, auth_time: authTime } = subject.extra ?? {};
  claimsOf.set(token, { acr, amr, auth_time: authTime, sid: row.session_id, act });
  if (!isId('app', subject.clientId)) throw new errors.InvalidGrant('subject_token is not valid');
  const noted = { applicationId: application.applicationId, session: row };
  const because = await noteActing(context, { ...noted, calledBy: subject.clientId, resource });
  if (because !== undefined) throw new errors.InvalidGrant(because);
  const value = await token.save();
  ctx.body = {
    access_token: value,
    issued_token_type: accessTokenType,
    token_type: token.tokenType,
    expires_in: token.expiration,
  };
}
