import {
  authenticateRequest,
  checkSignature,
  createVerifiedTokens,
  dpopTokenOf,
  isSigned,
  rememberSignature,
  type AuthenticatedRequest,
  type Refusal,
  type ReplayStore,
  type VerifiedTokens,
} from '@proofline/enforce';
import { isId } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import {
  ProblemError,
  type CustomerCaller,
  type ServiceCaller,
  type ServiceProof,
  type StaffCaller,
} from '@proofline/protocol';
import { decodeJwt, type JWTVerifyGetKey } from 'jose';
import { endSession } from '../commands/end-session.ts';
import type { SessionsContext } from '../context.ts';
import { isInTime } from '../mtls/client-certificate.ts';
import { isIssuedBy, nameDigest } from '../mtls/named-certificate.ts';
import { actAt } from '../domain/single-act.ts';
import { commandLineClientId, consoleClientId } from '../oidc/clients.ts';
import { serviceKeyClaim } from '../programs/service-client.ts';
import {
  goodKey,
  proofOf,
  type KnownKey,
  type KnownProgram,
} from '../programs/domain/known-program.ts';
import { customerCookieName } from './customer-cookie-name.ts';
import { liveSession, useSession } from './live-session.ts';
import type { RequestFacts } from './request-facts.ts';

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

async function authenticated(
  context: SessionsContext,
  { verifiedTokens, ...check }: TokenMemory,
  { certificate: shown, header, target, ...request }: RequestFacts,
): Promise<AuthenticatedRequest> {
  const isForAct = isForActAt(context, request);
  // A proof by DPoP names the address without its query; a signature covers it whole.
  const isGood = shown !== undefined && isInTime(shown, context.clock.now());
  const certificate = isGood ? new Uint8Array(shown.raw) : undefined;
  const signed = { url: target ?? request.url, ...(header && { header }) };
  const whole = { ...request, ...signed, certificate };
  const result = await authenticateRequest(whole, {
    issuer: `${context.staffOrigin}/oidc`,
    audience: isForAct ? request.url : `${context.staffOrigin}/api`,
    clock: context.clock,
    ...check,
    // What is remembered was verified for the other audience.
    ...(!isForAct && { verifiedTokens }),
  });
  if (!result.ok) throw refused(result.error);
  return result.value;
}

const refused = ({ code, check: internal }: Refusal) => new ProblemError(code, { internal });

/**
 * Whether the token says that it is for this very act. What it says is believed by nobody yet: it only
 * chooses the audience that the token is then held to.
 */
function isForActAt(
  { staffOrigin }: SessionsContext,
  request: Pick<RequestFacts, 'authorization' | 'url'>,
): boolean {
  if (actAt(staffOrigin, request.url) === undefined) return false;
  const token = dpopTokenOf(request.authorization);
  try {
    return token !== undefined && decodeJwt(token).aud === request.url;
  } catch {
    return false;
  }
}

async function staff(
  context: SessionsContext,
  { claims }: AuthenticatedRequest,
  { url, unattended }: RequestFacts,
): Promise<StaffCaller> {
  const { sub, sid, client_id: clientId } = claims;
  // `aud` was verified; each client has audiences of its own.
  const client = claims.aud === url ? commandLineClientId : consoleClientId;
  if (clientId !== client || !isId('stf', sub) || !isId('ses', sid)) {
    throw new ProblemError('token.invalid', { internal: 'not a staff token' });
  }
  const row = await liveSession(context, { session_id: sid }, 'workforce');
  if (row.subject_id !== sub) throw new ProblemError('token.invalid', { internal: 'subject' });
  const person = await context.peers().findStaff(sub);
  if (!person?.active) {
    await endSession(context, sid, { because: 'not-active' });
    throw new ProblemError('session.ended', { internal: 'not active' });
  }
  await useSession(context, row, { unattended });
  return { kind: 'staff', subjectId: sub, sessionId: sid, roles: person.roles };
}

/** A service by its token, in the one way of proof that it was registered with. */
async function service(
  context: SessionsContext,
  request: AuthenticatedRequest,
  shown: RequestFacts['certificate'],
): Promise<ServiceCaller> {
  const { claims, provedBy } = request;
  const known = await context.services.find(claims.client_id);
  if (!known || claims.sub !== known.clientId) {
    throw new ProblemError('token.invalid', { internal: 'not a service token' });
  }
  requireProof(known, provedBy);
  // A token ends with the key that it was obtained with.
  const key = goodKey(known, claims[serviceKeyClaim], context.clock.now());
  if (known.registered && !key) {
    throw new ProblemError('token.invalid', { internal: 'the key of the service was retired' });
  }
  if (known.registered?.proves === 'named-certificate' && !isStillNamed(context, shown, key)) {
    throw new ProblemError('token.proof-invalid', { internal: 'names' });
  }
  const caller = serviceCaller(context, known, key);
  return request.provedBy === 'signature' ? { ...caller, covered: request.covered } : caller;
}

/** A service by its signature alone: the key that it is registered with says whose request it is. */
async function signedService(
  context: SessionsContext,
  { replayStore }: TokenCheck,
  request: Required<Pick<RequestFacts, 'method' | 'target' | 'header'>>,
): Promise<ServiceCaller> {
  const { method, target: url, header } = request;
  let known: KnownProgram | undefined;
  let key: KnownKey | undefined;
  const signature = await checkSignature({
    message: { method, url, header },
    clock: context.clock,
    async findKey(keyid) {
      // Ours are SHA-256 as base64url. What has another form is not looked up.
      if (!/^[\w-]{43}$/.test(keyid)) return undefined;
      known = await context.services.findByKey(keyid);
      key = known && goodKey(known, keyid, context.clock.now());
      return key?.jwk;
    },
  });
  if (!signature.ok) throw refused(signature.error);
  if (!known || !key) throw new ProblemError('token.proof-invalid', { internal: 'keyid' });
  requireProof(known, 'signature');
  const remembered = await rememberSignature(signature.value, replayStore);
  if (!remembered.ok) throw refused(remembered.error);
  return { ...serviceCaller(context, known, key), covered: signature.value.covered };
}

/** The token is bound to the certificate; who has issued that, and to whom, is looked at each time (P6). */
function isStillNamed(
  { clock, mtls }: SessionsContext,
  shown: RequestFacts['certificate'],
  key: KnownKey | undefined,
): boolean {
  return (
    mtls !== undefined &&
    shown !== undefined &&
    nameDigest(shown) === key?.kid &&
    isIssuedBy(mtls.authorities, shown, clock.now())
  );
}

function requireProof(known: KnownProgram, provedBy: ServiceProof): void {
  const proof = proofOf(known);
  if (provedBy === (proof === 'named-certificate' ? 'certificate' : proof)) return;
  throw new ProblemError('token.proof-invalid', { internal: 'proved-by' });
}

function serviceCaller(
  { services, staffOrigin }: SessionsContext,
  known: KnownProgram,
  key: KnownKey | undefined,
): ServiceCaller {
  // A signature names no audience (RFC 8707), and a token names one that may have been taken away since.
  if (known.registered?.audiences.includes(`${staffOrigin}/api`) === false) {
    throw new ProblemError('token.invalid', { internal: 'the service is not for this API' });
  }
  if (!services.spend(known)) throw new ProblemError('service.rate');
  services.noteUse(known.clientId, key ? { kid: key.kid } : {});
  return { kind: 'service', subjectId: known.clientId, role: known.role };
}

async function customer(context: SessionsContext, request: RequestFacts): Promise<CustomerCaller> {
  const secret = request.cookie(customerCookieName);
  if (secret === undefined) throw new ProblemError('token.missing');
  // Ours are 32 bytes as base64url. What has another form is not looked up.
  if (!/^[\w-]{43}$/.test(secret)) throw new ProblemError('session.ended');
  const row = await liveSession(context, { cookie_hash: sha256Base64url(secret) }, 'customers');
  if (!isId('cus', row.subject_id)) throw new ProblemError('session.ended');
  await useSession(context, row);
  return { kind: 'customer', customerId: row.subject_id, sessionId: row.session_id };
}

/** The three ways to prove who calls, for the HTTP edge. */
export function createAuthenticators(context: SessionsContext, tokens: TokenCheck): Authenticators {
  const check: TokenMemory = { ...tokens, verifiedTokens: createVerifiedTokens() };
  return {
    // Of people no signature is looked for, and no certificate.
    staff: async ({ header: _none, certificate: _neither, ...request }) =>
      staff(context, await authenticated(context, check, request), request),
    service: async (request) => {
      const { authorization, dpop, header, method, target = request.url } = request;
      return header && isSigned({ header }) && !authorization && !dpop
        ? signedService(context, check, { method, target, header })
        : service(context, await authenticated(context, check, request), request.certificate);
    },
    customer: (request) => customer(context, request),
  };
}
