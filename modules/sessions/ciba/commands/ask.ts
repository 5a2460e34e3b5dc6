import { isId, newId, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { Acr } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../../context.ts';
import type { ApplicationRow } from '../../applications/store/application-rows.ts';
import type { PersonId } from '../../types.ts';
import { subjectsOf } from '../domain/person.ts';
import { pingPlace } from '../pings/ping-secret.ts';
import { INTERVAL_SECONDS, OF_ALL_MAX, OF_ONE_MAX, WINDOW_MS } from '../domain/limits.ts';
import { DAY_MS, mayBeTold } from '../domain/texts.ts';
import { insertRequest, listAskedSince, listOpenOf, listToldSince } from '../store/request-rows.ts';
import { listSilenced } from '../store/silence-rows.ts';
import { closeExpired } from './close-expired.ts';

/** What an application asks, once its form was looked at. */
export interface Asked {
  readonly application: ApplicationRow;
  /** Of a colleague, of a customer, or of nobody. */
  readonly subjectId: PersonId;
  readonly authReqId: string;
  readonly bindingMessage: string;
  readonly scope: string;
  readonly resource: string | undefined;
  readonly acr: Acr;
  readonly expiresSeconds: number;
  readonly notificationToken: string | undefined;
}

/** Why nobody is shown a request. The application is answered the same. */
type Unshown = 'unknown' | 'silenced' | 'too-many';

/**
 * Takes a request down. Whom nobody knows, who has left, has silenced the application or was asked too often
 * is not shown it, and neither answer nor time tell (P9): the same is looked up and written for
 * everybody. What the same application still had waiting with them gives way.
 */
export async function askToSignIn(context: SessionsContext, asked: Asked): Promise<void> {
  const { clock, storage, tenant } = context;
  const { application, authReqId, subjectId } = asked;
  const isActive = await isThere(context, subjectId);
  const atMs = clock.now();
  const isOnScreens = await storage.transaction(async (tx) => {
    const because = await whyUnshown(context, tx, { ...asked, isActive });
    const { applicationId } = application;
    const told = await listToldSince(tx, tenant, { subjectId, at: new Date(atMs - DAY_MS) });
    const isShown = because === undefined;
    const isTold =
      isShown && isId('cus', subjectId) && mayBeTold(told, { applicationId, nowMs: atMs });
    for (const row of await listOpenOf(tx, tenant, { applicationId, subjectId }))
      await closeExpired(context, tx, { row, because: 'another-came' });
    const requestId = newId('sir', context);
    const evidenceId = await context.ledger.record(tx, {
      kind: 'sign-in-request.asked',
      causes: [application.evidenceId],
      refs: { requestId, applicationId },
      subjects: subjectsOf(subjectId, 'owner'),
      facts: { ...factsOf(asked), isShown, ...(because && { because }) },
      personal: [
        {
          subject: subjectId,
          retention: 'access',
          fields: { bindingMessage: asked.bindingMessage },
        },
      ],
    });
    await insertRequest(tx, {
      tenant,
      request_id: requestId,
      auth_req_hash: sha256Base64url(authReqId),
      application_id: applicationId,
      application_version: application.version,
      subject_id: subjectId,
      is_shown: isShown,
      is_told: isTold,
      is_to_be_told: isTold,
      binding_message: asked.bindingMessage,
      scope: asked.scope,
      resource: asked.resource ?? null,
      acr: asked.acr,
      asked_at: new Date(atMs),
      expires_at: new Date(atMs + asked.expiresSeconds * 1000),
      interval_seconds: INTERVAL_SECONDS,
      polled_at: null,
      state: 'waiting',
      evidence_id: evidenceId,
      sealed_ping: sealedPing(context, asked, requestId),
      ping_attempts: 0,
      ping_at: null,
    });
    return isShown && isId('stf', subjectId);
  });
  // A customer is told when the application has its answer (`tell-customers.ts`).
  if (!isOnScreens) return;
  const expiresAtMs = atMs + asked.expiresSeconds * 1000;
  context.onSignInAsked?.({ subjectId, applicationName: application.name, expiresAtMs });
}

/** Whether there is such a person, who may answer. */
async function isThere({ peers }: SessionsContext, subjectId: PersonId): Promise<boolean> {
  if (isId('cus', subjectId)) return (await peers().findCustomer(subjectId)) !== undefined;
  return (await peers().findStaff(subjectId))?.active === true;
}

function sealedPing(
  { pings, tenant }: SessionsContext,
  { authReqId, notificationToken }: Asked,
  requestId: Id<'sir'>,
): string | null {
  if (notificationToken === undefined) return null;
  return pings.seal({ notificationToken, authReqId }, pingPlace(tenant, requestId));
}

async function whyUnshown(
  { clock, tenant }: SessionsContext,
  tx: Db,
  { application: { applicationId }, isActive, subjectId }: Asked & { readonly isActive: boolean },
): Promise<Unshown | undefined> {
  const at = new Date(clock.now());
  const silenced = await listSilenced(tx, tenant, { subjectId, at });
  const since = new Date(at.getTime() - WINDOW_MS);
  const lately = await listAskedSince(tx, tenant, { subjectId, at: since });
  if (!isActive) return 'unknown';
  if (silenced.some((one) => one.applicationId === applicationId)) return 'silenced';
  const ofThis = lately.filter((one) => one === applicationId).length;
  return ofThis >= OF_ONE_MAX || lately.length >= OF_ALL_MAX ? 'too-many' : undefined;
}

function factsOf({ acr, expiresSeconds, notificationToken, resource, scope }: Asked) {
  const delivery = notificationToken === undefined ? 'poll' : 'ping';
  return { acr, scope, expiresSeconds, delivery, ...(resource !== undefined && { resource }) };
}
