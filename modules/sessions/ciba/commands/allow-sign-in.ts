import { isId, type Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Provider } from 'oidc-provider';
import { postureFault } from '../../applications/commands/posture-fault.ts';
import { findApplication, type ApplicationRow } from '../../applications/store/application-rows.ts';
import { giveConsent } from '../../consents/commands/give-consent.ts';
import { termsOf } from '../../consents/domain/terms.ts';
import { satisfiesAcr } from '../../domain/levels.ts';
import { dataAsked } from '../../oidc/application-client.ts';
import { restOn } from '../../store/authenticator-rows.ts';
import { findOpenRow, isRowLocked, whyRowOver } from '../../store/session-rows.ts';
import type { SessionRow } from '../../store/tables.ts';
import type { AllowedBy, AllowSignIn, PersonId } from '../../types.ts';
import type { SessionsContext } from '../../context.ts';
import { subjectsOf } from '../domain/person.ts';
import { answerPayload } from '../store/answer-payload.ts';
import { closeRequest, findWaiting } from '../store/request-rows.ts';
import type { SignInRequestRow } from '../store/tables.ts';

/**
 * Makes ready for the answer to a request: what the application is given will be of the session in which
 * its person answers, and ends with it. What comes back makes the change, in the transaction in which
 * the passkey’s use is noted; false when the request is over, or not theirs, by then.
 */
export async function prepareAllowing(
  context: SessionsContext,
  provider: Provider,
  of: { readonly requestId: Id<'sir'>; readonly subjectId: PersonId },
): Promise<AllowSignIn | undefined> {
  const { clock, storage, tenant } = context;
  const found = await findWaiting(storage.db, tenant, { ...of, at: new Date(clock.now()) });
  if (!found) return undefined;
  // The library writes it by itself. Without an answer that names it, it opens nothing.
  const grant = new provider.Grant({ accountId: of.subjectId, clientId: found.application_id });
  grant.addOIDCScope(found.scope);
  const grantId = await grant.save();
  return (tx, by) => allow(context, tx, { ...of, ...by, grantId });
}

/** Whether the application’s policy takes an answer from the machine and browser of this session. */
export async function isTakenFrom(
  context: SessionsContext,
  of: Pick<Allowing, 'requestId' | 'subjectId' | 'sessionId'>,
): Promise<boolean> {
  const { clock, storage, tenant } = context;
  const { db } = storage;
  const row = await findWaiting(db, tenant, { ...of, at: new Date(clock.now()) });
  const session = await findSession(context, db, of);
  const application = row && (await findApplication(db, tenant, row.application_id));
  if (!session || !application) return false;
  const { policy } = application;
  return (await postureFault(context, db, { policy, row: session })) === undefined;
}

interface Allowing extends AllowedBy {
  readonly requestId: Id<'sir'>;
  readonly subjectId: PersonId;
  readonly grantId: string;
}

async function allow(
  context: SessionsContext,
  tx: Db,
  { authenticatorEvidenceId, grantId, login, proof, ...of }: Allowing,
): Promise<Id<'evt'> | undefined> {
  const { clock, tenant } = context;
  const at = new Date(clock.now());
  const row = await findWaiting(tx, tenant, { ...of, at });
  const session = await findSession(context, tx, of);
  const application = row && (await findApplication(tx, tenant, row.application_id));
  if (!row || !session || !application || application.suspendedAt) return undefined;
  const sessionUid = uidOf(session);
  if (sessionUid === null) return undefined;
  if (application.version !== row.application_version) return undefined;
  if (!satisfiesAcr(login.acr, [row.acr])) return undefined;
  const { policy } = application;
  if ((await postureFault(context, tx, { policy, row: session })) !== undefined) return undefined;
  const { authenticatorId } = login;
  // What is opened ends with the session, and so must the session with the passkey that opened it (P6).
  await restOn(tx, { tenant, sessionId: session.session_id, authenticatorId });
  const evidenceId = await context.ledger.record(tx, {
    kind: 'sign-in-request.allowed',
    causes: [row.evidence_id, session.evidence_id, authenticatorEvidenceId],
    refs: {
      requestId: row.request_id,
      applicationId: row.application_id,
      sessionId: session.session_id,
      authenticatorId,
    },
    subjects: subjectsOf(of.subjectId, 'actor'),
    facts: { acr: login.acr, amr: [...login.amr] },
    personal: [{ subject: of.subjectId, retention: 'identity', fields: { assertion: proof } }],
  });
  const end = { state: 'allowed', evidence_id: evidenceId } as const;
  const pingAt = row.sealed_ping === null ? {} : { ping_at: at };
  if (!(await closeRequest(tx, row, { ...end, ...pingAt }))) return undefined;
  const allowing = { row, session, application, evidenceId };
  const consentId = await agree(context, tx, {
    ...allowing,
    login,
    authenticatorEvidenceId,
    proof,
  });
  const isWritten = await answerPayload(tx, row, {
    grantId,
    sessionUid,
    acr: login.acr,
    amr: login.amr,
    authTime: Math.floor(at.getTime() / 1000),
    ...(consentId && { consentId }),
  });
  if (!isWritten) throw new Error('the issuer has lost a request that waits');
  return evidenceId;
}

/**
 * By what a token names the session. A customer’s, which may have begun at their own page, is not known to
 * the library until their browser comes to the issuer: it is named by its own id.
 */
const uidOf = (session: SessionRow): string | null =>
  session.realm === 'customers' ? session.session_id : session.oidc_uid;

interface Agreeing extends Pick<AllowedBy, 'login' | 'authenticatorEvidenceId' | 'proof'> {
  readonly row: SignInRequestRow;
  readonly session: SessionRow;
  readonly application: ApplicationRow;
  readonly evidenceId: Id<'evt'>;
}

/** What a customer allows, they agree to by the same touch: to what the application learns. */
async function agree(
  context: SessionsContext,
  tx: Db,
  { application, authenticatorEvidenceId, evidenceId, login, proof, row, session }: Agreeing,
): Promise<Id<'evt'> | undefined> {
  const { subject_id: customerId } = row;
  if (!isId('cus', customerId)) return undefined;
  const { authenticatorId } = login;
  return giveConsent(context, tx, {
    login: { customerId, authenticatorId, authenticatorEvidenceId, proof },
    terms: termsOf(application, dataAsked(row.scope)),
    application,
    sessionId: session.session_id,
    because: evidenceId,
  });
}

async function findSession(
  { clock, tenant }: SessionsContext,
  tx: Db,
  { sessionId, subjectId }: Pick<Allowing, 'sessionId' | 'subjectId'>,
): Promise<SessionRow | undefined> {
  const row = await findOpenRow(tx, tenant, { session_id: sessionId });
  if (row?.subject_id !== subjectId || whyRowOver(row, clock.now()) !== undefined) return undefined;
  return isRowLocked(row, clock.now()) ? undefined : row;
}
