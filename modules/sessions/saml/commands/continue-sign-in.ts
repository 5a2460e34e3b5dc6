import { Acr } from '@proofline/protocol';
import { isId, type Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { noteSignIn } from '../../applications/commands/note-sign-in.ts';
import { hasSignInCookie, signInCookieName } from '../../domain/sign-in-cookie.ts';
import { satisfiesAcr } from '../../domain/levels.ts';
import { samlClientId } from '../../oidc/clients.ts';
import { findSubjectSession } from '../../oidc/sync-session.ts';
import type { SessionRow } from '../../store/tables.ts';
import { postReply, type SamlReply } from '../bindings/reply.ts';
import { statedClass } from '../domain/requested-context.ts';
import { writeSuccess, type AssertionContent } from '../messages/write-response.ts';
import type { StatusName } from '../names.ts';
import { newMessageId, type SamlContext } from '../saml-context.ts';
import { SamlRefused } from '../saml-refused.ts';
import type { ServiceProvider } from '../service-provider.ts';
import { joinSession } from '../store/participant-rows.ts';
import { takeUnderWay } from '../store/under-way-rows.ts';
import { attributesFor } from './attributes-for.ts';
import { continueUrl, cookieOf } from './authorization.ts';
import { failureReply } from './begin-sign-in.ts';
import { PendingSignIn } from './pending-sign-in.ts';

interface Proved {
  readonly row: SessionRow;
  readonly acr: Acr;
  /** Unix seconds. */
  readonly authTime: number;
}

/** The issuer's errors (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6) in SAML's words. */
const statusOf: Readonly<Record<string, StatusName>> = {
  login_required: 'noPassive',
  interaction_required: 'noPassive',
  unmet_authentication_requirements: 'noAuthnContext',
};

/** Takes the issuer's code, once, and says whose session it stands for. */
async function redeem(
  context: SamlContext,
  code: string,
  pending: PendingSignIn,
): Promise<Proved | undefined> {
  const found = await context.provider.AuthorizationCode.find(code);
  const isOurs =
    found?.clientId === samlClientId &&
    found.redirectUri === continueUrl(context.staffOrigin) &&
    found.nonce === pending.nonce &&
    found.isValid;
  if (!found || !isOurs) return undefined;
  await found.consume();
  const acr = Acr.safeParse(found.acr).data;
  const { accountId = '', sessionUid = '', authTime } = found;
  const row = await findSubjectSession(context, sessionUid, accountId);
  return row && acr && authTime !== undefined ? { row, acr, authTime } : undefined;
}

/** The issuer has enforced all of this; it is looked at again where the assertion is made. */
function isEnough({ acr, authTime }: Proved, pending: PendingSignIn): boolean {
  const { provedAfterSeconds = 0 } = pending;
  return satisfiesAcr(acr, pending.acr ? [pending.acr] : []) && authTime >= provedAfterSeconds;
}

interface Issuing {
  readonly pending: PendingSignIn;
  readonly provider: ServiceProvider;
  readonly proved: Proved;
  readonly contextClass: string;
}

/** Name, index and evidence in one transaction; then the assertion, once that is durable (P3). */
async function issue(context: SamlContext, issuing: Issuing): Promise<SamlReply> {
  const { pending, provider, proved, contextClass } = issuing;
  const { row } = proved;
  const head = {
    id: newMessageId(context),
    issuer: context.addresses.entityId,
    destination: pending.consumerUrl,
    inResponseTo: pending.inResponseTo,
    nowMs: context.clock.now(),
  };
  const assertionId = newMessageId(context);
  const attributes = await attributesFor(context, provider, row.subject_id);
  const record = (tx: Db): Promise<Id<'evt'>> =>
    context.ledger.record(tx, {
      kind: 'assertion.issued',
      causes: [row.evidence_id],
      refs: { sessionId: row.session_id, applicationId: provider.applicationId, assertionId },
      subjects: { actor: row.subject_id },
      facts: {
        acr: proved.acr,
        context: contextClass,
        encrypted: provider.encryptionCertificate !== undefined,
        attributes: attributes.map(({ name }) => name),
      },
    });
  const { joined, evidenceId } = await context.storage.transaction(async (tx) => ({
    joined: await joinSession(context, tx, {
      sessionId: row.session_id,
      subjectId: row.subject_id,
      applicationId: provider.applicationId,
      entityId: provider.entityId,
      kind: pending.nameIdKind,
      expiresAt: row.expires_at,
    }),
    evidenceId: await record(tx),
  }));
  await context.ledger.durable(evidenceId);
  const content: AssertionContent = {
    id: assertionId,
    audience: provider.entityId,
    nameId: joined.name_id,
    nameIdKind: pending.nameIdKind,
    sessionIndex: joined.session_index,
    contextClass,
    authenticatedAtMs: proved.authTime * 1000,
    sessionEndsAtMs: row.expires_at.getTime(),
    attributes,
  };
  const signing = context.samlKeys.current();
  const xml = await writeSuccess(head, content, {
    signing,
    encryption: provider.encryptionCertificate,
  });
  const { consumerUrl: url, relayState } = pending;
  return postReply({ url, kind: 'SAMLResponse', xml, relayState });
}

/** The browser comes back from the issuer. @throws SamlRefused when nothing is known of it here */
export async function continueSignIn(
  context: SamlContext,
  query: URLSearchParams,
  cookieHeader: string | undefined,
): Promise<SamlReply> {
  const id = query.get('state') ?? '';
  // Another browser's sign-in, planted here, would sign this person in as somebody else.
  const isHere = hasSignInCookie(context.cookieKeys, cookieOf(id), cookieHeader);
  const kept = isHere ? await takeUnderWay(context, 'sign-in', id) : undefined;
  const pending = PendingSignIn.safeParse(kept).data;
  if (!pending) throw new SamlRefused('continuation');
  const reply = await answer(context, pending, query);
  const gone = `${signInCookieName(cookieOf(id))}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`;
  return { ...reply, headers: { ...reply.headers, 'set-cookie': [gone] } };
}

/** What is registered may have changed while the person was at the page. @throws SamlRefused */
async function stillRegistered(
  { serviceProviders }: SamlContext,
  pending: PendingSignIn,
): Promise<ServiceProvider> {
  const provider = await serviceProviders.findByApplication(pending.applicationId);
  const isStill =
    provider?.entityId === pending.entityId &&
    provider.assertionConsumers.some(({ url }) => url === pending.consumerUrl);
  if (!provider || !isStill) throw new SamlRefused('registration-changed');
  return provider;
}

/** The session remembers the application, and the registry when it was used; or answers why not. */
async function note(
  context: SamlContext,
  { applicationId }: ServiceProvider,
  { acr, authTime, row: session }: Proved,
): Promise<string | undefined> {
  if (!isId('app', applicationId)) return undefined;
  return noteSignIn(context, { applicationId, session, statement: { acr, authTime } });
}

async function answer(
  context: SamlContext,
  pending: PendingSignIn,
  query: URLSearchParams,
): Promise<SamlReply> {
  const error = query.get('error');
  if (error !== null) {
    const status = (Object.hasOwn(statusOf, error) && statusOf[error]) || 'authnFailed';
    return failureReply(context, pending, status);
  }
  const provider = await stillRegistered(context, pending);
  if (provider.isSuspended) return failureReply(context, pending, 'requestDenied');
  const proved = await redeem(context, query.get('code') ?? '', pending);
  if (!proved) throw new SamlRefused('continuation');
  const contextClass = statedClass(pending.stateOneOf, proved.acr);
  if (contextClass === undefined || !isEnough(proved, pending)) {
    return failureReply(context, pending, 'noAuthnContext');
  }
  if ((await note(context, provider, proved)) !== undefined)
    return failureReply(context, pending, 'requestDenied');
  return issue(context, { pending, provider, proved, contextClass });
}
