import { verifyUnheldToken } from '@proofline/enforce';
import { isId, type JsonObject } from '@proofline/kernel';
import { errors, type Provider, type TokenEndpointGrantContext } from 'oidc-provider';
import * as grants from 'oidc-provider/lib/helpers/grants.js';
import { decodeJwt } from 'jose';
import { issueGrant, type IssuedGrant } from '../commands/issue-grant.ts';
import { refuseGrant } from '../commands/refuse-grant.ts';
import type { SessionsContext } from '../context.ts';
import { readGrantRequest, type GrantRequest } from '../domain/grant-request.ts';
import { mayStillAct } from '../facts/chain-facts.ts';
import { findGrant, findUsableRow } from '../find-live.ts';
import { signGrant } from '../oidc/sign-grant.ts';
import type { KnownKey, KnownProgram } from '../programs/domain/known-program.ts';
import { assertedKey } from '../programs/service-client.ts';
import type { SessionRow } from '../store/tables.ts';
import type { GrantFacts, GrantProgram } from '../types.ts';
import { actOf, joinedBy } from './grant-chain.ts';

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

/** A registered service, and the key that it has just proved itself with. */
interface Caller {
  readonly known: KnownProgram & { readonly registered: Registered };
  readonly key: KnownKey;
}
type Registered = NonNullable<KnownProgram['registered']>;

async function readCaller(
  { clock, services }: SessionsContext,
  { oidc }: TokenEndpointGrantContext,
): Promise<Caller> {
  const known = await services.find(oidc.client.clientId);
  const { registered } = known ?? {};
  if (!known || !registered || registered.serves.length === 0)
    throw new errors.UnauthorizedClient('it acts for nobody');
  return { known: { ...known, registered }, key: assertedKey(known, oidc.params, clock.now()) };
}

interface Called {
  /** The API of its own that the grant is for. */
  readonly calledAt: string;
  readonly parent: GrantFacts;
  readonly session: SessionRow;
}

/**
 * The grant that this service was called with: ours, for an API that it is itself, and alive. Who holds it is
 * somebody else’s to prove, there; here it is worth nothing to whoever is not that API.
 */
async function findCalled(
  context: SessionsContext,
  token: unknown,
  { serves }: Registered,
): Promise<Called> {
  // One answer for all of them: nobody learns here which grants there are (P9).
  const invalid = new errors.InvalidGrant('subject_token is not valid');
  if (typeof token !== 'string') throw invalid;
  const calledAt = serves.find((one) => one === audienceOf(token));
  if (calledAt === undefined) throw invalid;
  const issuer = `${context.staffOrigin}/oidc`;
  const { clock, keys } = context;
  const by = { jwks: keys.jwks, issuer, audience: calledAt, clock };
  const verified = await verifyUnheldToken({ token, ...by });
  if (!verified.ok) throw invalid;
  const { sub, sid, grant_id: grantId } = verified.value;
  if (!isId('grt', grantId) || !isId('ses', sid)) throw invalid;
  const parent = await findGrant(context, grantId);
  const session = await findUsableRow(context, { session_id: sid });
  const isOwn = parent?.subjectId === sub && parent.sessionId === sid && session !== undefined;
  if (!parent || !isOwn || !parent.live) throw invalid;
  const mayAct = await Promise.all(parent.programs.map((one) => mayStillAct(context, one)));
  if (!mayAct.every((may) => may)) throw invalid;
  return { calledAt, parent, session };
}

/** What the token says of itself, believed by nobody yet: it chooses what it is then held to. */
function audienceOf(token: string): unknown {
  try {
    return decodeJwt(token).aud;
  } catch {
    return undefined;
  }
}

/** Never wider than either: what the grant names, as far as the scopes of the service go. */
function narrowed(text: unknown, parent: GrantFacts, { scopes }: Registered): GrantRequest {
  const both = parent.actions.filter((action) => scopes.has(action));
  const asked = text === undefined ? undefined : readGrantRequest(text);
  if (text !== undefined && asked?.caseId !== parent.caseId)
    throw new errors.InvalidAuthorizationDetails('exactly the case that it was called for');
  const actions = asked?.actions ?? both;
  if (actions.length === 0 || actions.some((action) => !both.includes(action)))
    throw new errors.InvalidAuthorizationDetails('wider than the grant, or than its scopes');
  // Actions of a grant that was issued are actions of the contract.
  return { caseId: parent.caseId, actions: actions as GrantRequest['actions'] };
}

function readTarget(
  context: SessionsContext,
  resource: unknown,
  { audiences, serves }: Registered,
): string {
  const apis = [context.gatewayOrigin, ...context.resourceOrigins];
  const target = apis.find((one) => one === resource && audiences.includes(one));
  if (target === undefined || serves.includes(target)) throw new errors.InvalidTarget();
  return target;
}

interface Asking {
  readonly caller: Caller;
  readonly called: Called;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What is asked for under a grant that is known. Who asks for more leaves an entry, and has nothing. */
async function readAsked(context: SessionsContext, { caller, called, params }: Asking) {
  const { registered } = caller.known;
  const { calledAt, parent, session: row } = called;
  const { serviceId } = registered;
  let because = 'not-its-api';
  let joining: GrantProgram = { serviceId, kid: caller.key.kid, calledAt, goesTo: '' };
  try {
    const audience = readTarget(context, params['resource'], registered);
    joining = { ...joining, goesTo: audience };
    because = 'wider';
    const request = narrowed(params['authorization_details'], parent, registered);
    because = 'chain';
    const programs = joinedBy(parent.programs, joining);
    if (programs) return { audience, programs, request };
    throw new errors.InvalidGrant('the chain of who acts is too long, or goes round');
  } catch (error) {
    if (context.services.isNews(serviceId, because)) {
      const { caseId, subjectId } = parent;
      const programs = [...parent.programs, joining];
      // What was asked for may be anything: it is not repeated.
      await refuseGrant(context, {
        subjectId,
        row,
        request: { caseId },
        because,
        programs,
        parent,
      });
    }
    throw error;
  }
}

/** Bound to a key of the service: in the way in which it proves all of its requests. */
async function bind(
  provider: Provider,
  ctx: TokenEndpointGrantContext,
  { key, known }: Caller,
): Promise<{ readonly cnf: JsonObject; readonly thumbprint: string; readonly type: string }> {
  const proof = await grants.validateDpop(provider, ctx);
  if (known.registered.proves === 'signature') {
    if (proof) throw new errors.InvalidDpopProof('this service signs its requests');
    // A public key, as it was registered.
    return { cnf: { jwk: { ...key.jwk } }, thumbprint: key.kid, type: 'Bearer' };
  }
  if (!proof) throw new errors.InvalidDpopProof('a proof of possession is required');
  await grants.checkDpopReplay(provider, ctx, proof, known.clientId, errors.InvalidDpopProof);
  return { cnf: { jkt: proof.thumbprint }, thumbprint: proof.thumbprint, type: 'DPoP' };
}

/**
 * Token exchange (RFC 8693) of a registered service that was called with a grant, for one for the next API: the
 * same colleague, case and proof, this service as `act` and whoever acted before it within. Decided, and
 * written down, as every grant is.
 */
export async function exchangeForProgram(
  context: SessionsContext,
  provider: Provider,
  ctx: TokenEndpointGrantContext,
): Promise<void> {
  const { params } = ctx.oidc;
  const caller = await readCaller(context, ctx);
  // First of all: what is refused costs as much as what is not.
  if (!context.services.spend(caller.known)) throw new errors.AccessDenied('too many requests');
  const { registered } = caller.known;
  const types = [params['subject_token_type'], params['requested_token_type'] ?? accessTokenType];
  if (types.some((type) => type !== accessTokenType))
    throw new errors.InvalidRequest('only access tokens are exchanged');
  const called = await findCalled(context, params['subject_token'], registered);
  const { audience, programs, request } = await readAsked(context, { caller, called, params });
  const { parent, session } = called;
  const { cnf, thumbprint: jkt, type } = await bind(provider, ctx, caller);
  const ask = { subjectId: parent.subjectId, row: session, request, audience, programs, parent };
  const outcome = await issueGrant(context, { ...ask, jkt });
  if (!outcome.ok) {
    await refuseGrant(context, { ...ask, because: outcome.error });
    throw new errors.AccessDenied('no grant for this case', outcome.error);
  }
  const act = actOf(programs);
  const { clientId } = caller.known;
  const holder = { clientId, cnf, ...(act && { act }) };
  context.services.noteUse(clientId, { kid: caller.key.kid, scope: 'grant:issue' });
  ctx.body = replyOf(outcome.value, {
    accessToken: await signGrant(context, outcome.value, holder),
    type,
  });
}

/** RFC 8693 §2.2.1. */
function replyOf(
  { authorizationDetails, expiresAtMs, issuedAtMs }: IssuedGrant,
  { accessToken, type }: { readonly accessToken: string; readonly type: string },
) {
  return {
    access_token: accessToken,
    issued_token_type: accessTokenType,
    token_type: type,
    expires_in: Math.floor((expiresAtMs - issuedAtMs) / 1000),
    authorization_details: authorizationDetails,
  };
}
