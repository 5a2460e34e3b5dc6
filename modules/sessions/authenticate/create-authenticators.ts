import {
  authenticateRequest,
  createVerifiedTokens,
  type AccessTokenClaims,
  type ReplayStore,
  type VerifiedTokens,
} from '@proofline/enforce';
import { isId } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import {
  ProblemError,
  type CustomerCaller,
  type ServiceCaller,
  type StaffCaller,
} from '@proofline/protocol';
import type { JWTVerifyGetKey } from 'jose';
import { endSession } from '../commands/end-session.ts';
import type { SessionsContext } from '../context.ts';
import { consoleClientId } from '../oidc/clients.ts';
import { useSession } from './live-session.ts';
import type { RequestFacts } from './request-facts.ts';

/** The cookie of a customer's page session. */
export const customerCookieName = '__Host-customer';

/** Proves who calls, or throws a `token.*` or `session.ended` problem. */
export interface Authenticators {
  staff(request: RequestFacts): Promise<StaffCaller>;
  service(request: RequestFacts): Promise<ServiceCaller>;
  customer(request: RequestFacts): Promise<CustomerCaller>;
}

interface TokenCheck {
  readonly jwks: JWTVerifyGetKey;
  readonly replayStore: ReplayStore;
}

interface TokenMemory extends TokenCheck {
  readonly verifiedTokens: VerifiedTokens;
}

async function claimsOf(
  context: SessionsContext,
  check: TokenMemory,
  request: RequestFacts,
): Promise<AccessTokenClaims> {
  const authenticated = await authenticateRequest(request, {
    issuer: `${context.staffOrigin}/oidc`,
    audience: `${context.staffOrigin}/api`,
    clock: context.clock,
    ...check,
  });
  if (!authenticated.ok) {
    const { code, check: internal } = authenticated.error;
    throw new ProblemError(code, { internal });
  }
  return authenticated.value.claims;
}

async function staff(context: SessionsContext, claims: AccessTokenClaims): Promise<StaffCaller> {
  const { sub, sid, client_id: clientId } = claims;
  if (clientId !== consoleClientId || !isId('stf', sub) || !isId('ses', sid)) {
    throw new ProblemError('token.invalid', { internal: 'not a staff token' });
  }
  const row = await useSession(context, { session_id: sid }, 'workforce');
  if (row.subject_id !== sub) throw new ProblemError('token.invalid', { internal: 'subject' });
  const person = await context.peers().findStaff(sub);
  if (!person?.active) {
    await endSession(context, sid, { because: 'not-active' });
    throw new ProblemError('session.ended', { internal: 'not active' });
  }
  return { kind: 'staff', subjectId: sub, sessionId: sid, roles: person.roles };
}

function service(context: SessionsContext, claims: AccessTokenClaims): ServiceCaller {
  const client = context.serviceClients.find((known) => known.clientId === claims.client_id);
  if (!client || claims.sub !== client.clientId) {
    throw new ProblemError('token.invalid', { internal: 'not a service token' });
  }
  return { kind: 'service', subjectId: client.clientId, role: client.role };
}

async function customer(context: SessionsContext, request: RequestFacts): Promise<CustomerCaller> {
  const secret = request.cookie(customerCookieName);
  if (secret === undefined) throw new ProblemError('token.missing');
  // Ours are 32 bytes as base64url. What has another form is not looked up.
  if (!/^[\w-]{43}$/.test(secret)) throw new ProblemError('session.ended');
  const row = await useSession(context, { cookie_hash: sha256Base64url(secret) }, 'customers');
  if (!isId('cus', row.subject_id)) throw new ProblemError('session.ended');
  return { kind: 'customer', customerId: row.subject_id, sessionId: row.session_id };
}

/** The three ways to prove who calls, for the HTTP edge. */
export function createAuthenticators(context: SessionsContext, tokens: TokenCheck): Authenticators {
  const check: TokenMemory = { ...tokens, verifiedTokens: createVerifiedTokens() };
  return {
    staff: async (request) => staff(context, await claimsOf(context, check, request)),
    service: async (request) => service(context, await claimsOf(context, check, request)),
    customer: (request) => customer(context, request),
  };
}
