import { verifyAccessToken } from '@proofline/enforce';
import { isId, type Id } from '@proofline/kernel';
import { errors, type Provider, type TokenEndpointGrantContext } from 'oidc-provider';
import * as grants from 'oidc-provider/lib/helpers/grants.js';
import { issueGrant } from '../commands/issue-grant.ts';
import { refuseGrant } from '../commands/refuse-grant.ts';
import type { SessionsContext } from '../context.ts';
import { grantTtlSeconds, readGrantRequest, type GrantRequest } from '../domain/grant-request.ts';
import { exchangeForApplication } from '../exchange/exchange-for-application.ts';
import { exchangeForProgram } from '../exchange/exchange-for-program.ts';
import {
  issueBreakGlassToken,
  readBreakGlassRequest,
  type BreakGlassToken,
} from './exchange-break-glass.ts';
import { findSubjectSession } from './sync-session.ts';
import { signGrant } from './sign-grant.ts';
import { findUsableRow } from '../find-live.ts';
import type { SessionRow } from '../store/tables.ts';
import { consoleClientId } from './clients.ts';

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

/** The parameters of RFC 8693 §2.1 that are read here. */
export const tokenExchangeParameters = [
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'resource',
  'authorization_details',
] as const;

/** The session of a colleague. */
type StaffRow = SessionRow & { readonly subject_id: Id<'stf'> };

interface Exchange {
  readonly subjectToken: string;
  /** A case, or an emergency access. */
  readonly request: GrantRequest | Id<'bgl'>;
  readonly audience: string;
}

/** The one origin that the grant is for (RFC 8707 §2); a second `resource` never gets this far. */
function readTarget(context: SessionsContext, resource: unknown): string {
  const targets = [context.gatewayOrigin, ...context.resourceOrigins];
  const target = targets.find((one) => one === resource);
  if (target === undefined) throw new errors.InvalidTarget();
  return target;
}

function readParameters(context: SessionsContext, ctx: TokenEndpointGrantContext): Exchange {
  const { params } = ctx.oidc;
  const requested = params['requested_token_type'];
  const subjectToken = params['subject_token'];
  if (typeof subjectToken !== 'string' || params['subject_token_type'] !== accessTokenType) {
    throw new errors.InvalidRequest('subject_token must be an access token');
  }
  if (requested !== undefined && requested !== accessTokenType) {
    throw new errors.InvalidRequest('requested_token_type is not supported');
  }
  const audience = readTarget(context, params.resource);
  const text = params.authorization_details;
  const request = readGrantRequest(text) ?? readBreakGlassRequest(text);
  if (!request) {
    throw new errors.InvalidAuthorizationDetails('exactly one proofline_case is read here');
  }
  return { subjectToken, request, audience };
}

/** The subject token: ours, for our API, of a live session, bound to the key of this very proof. */
async function findSubject(
  context: SessionsContext,
  subject: { readonly token: string; readonly jkt: string },
): Promise<StaffRow> {
  const verified = await verifyAccessToken({
    token: subject.token,
    jkt: subject.jkt,
    jwks: context.keys.jwks,
    issuer: `${context.staffOrigin}/oidc`,
    audience: `${context.staffOrigin}/api`,
    clock: context.clock,
  });
  if (!verified.ok) throw new errors.InvalidGrant('subject_token is not valid');
  const { sub, sid, client_id: clientId } = verified.value;
  if (clientId !== consoleClientId || !isId('stf', sub) || !isId('ses', sid)) {
    throw new errors.InvalidGrant('subject_token is not a staff token');
  }
  const row = await findUsableRow(context, { session_id: sid });
  const live = row?.oidc_uid && (await findSubjectSession(context, row.oidc_uid, sub));
  if (!live || live.session_id !== sid) throw new errors.InvalidGrant('the session has ended');
  return { ...live, subject_id: sub };
}

/**
 * Token exchange (RFC 8693) of a staff access token for a grant: one case, named actions, one
 * audience, at most 300 s, bound to the same key. Refusals after the subject is known are evidence;
 * before, anybody could fill the log.
 */
export function createTokenExchange(
  context: SessionsContext,
  provider: Provider,
): (ctx: TokenEndpointGrantContext) => Promise<void> {
  return async (ctx) => {
    if (isId('app', ctx.oidc.client.clientId))
      return exchangeForApplication(context, provider, ctx);
    if (isId('svc', ctx.oidc.client.clientId)) return exchangeForProgram(context, provider, ctx);
    const { subjectToken, request, audience } = readParameters(context, ctx);
    const proof = await grants.validateDpop(provider, ctx);
    if (!proof) throw new errors.InvalidDpopProof('a proof of possession is required');
    const row = await findSubject(context, { token: subjectToken, jkt: proof.thumbprint });
    // Only the holder of a token of ours may take room among the remembered proofs.
    await grants.checkDpopReplay(provider, ctx, proof, consoleClientId, errors.InvalidDpopProof);
    if (typeof request === 'string') {
      const token = await issueBreakGlassToken(context, {
        subjectId: row.subject_id,
        sessionId: row.session_id,
        breakGlassId: request,
        jkt: proof.thumbprint,
        audience,
      });
      ctx.body = replyOf(token);
      return;
    }
    const agent = { subjectId: row.subject_id, row, request, audience };
    const outcome = await issueGrant(context, { ...agent, jkt: proof.thumbprint });
    if (!outcome.ok) {
      await refuseGrant(context, { ...agent, because: outcome.error });
      throw new errors.AccessDenied('no grant for this case', outcome.error);
    }
    const { authorizationDetails } = outcome.value;
    const accessToken = await signGrant(context, outcome.value);
    ctx.body = replyOf({ accessToken, expiresInSeconds: grantTtlSeconds, authorizationDetails });
  };
}

/** RFC 8693 §2.2.1. */
function replyOf({ accessToken, authorizationDetails, expiresInSeconds }: BreakGlassToken) {
  return {
    access_token: accessToken,
    issued_token_type: accessTokenType,
    token_type: 'DPoP',
    expires_in: expiresInSeconds,
    authorization_details: authorizationDetails,
  };
}
