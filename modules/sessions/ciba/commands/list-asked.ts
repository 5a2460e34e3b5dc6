import type { Id } from '@proofline/kernel';
import type { listSignInRequests, SignInRequest } from '@proofline/protocol';
import type { z } from 'zod';
import { findApplication } from '../../applications/store/application-rows.ts';
import type { SessionsContext } from '../../context.ts';
import { findWaiting, listWaiting } from '../store/request-rows.ts';
import { listSilenced } from '../store/silence-rows.ts';
import type { SignInRequestRow } from '../store/tables.ts';

/** What a person is asked, and what they have silenced. */
export async function listAsked(
  context: SessionsContext,
  subjectId: Id<'stf'>,
): Promise<z.output<(typeof listSignInRequests)['reply']>> {
  const { clock, storage, tenant } = context;
  const of = { subjectId, at: new Date(clock.now()) };
  const waiting = await listWaiting(storage.db, tenant, of);
  const silenced = await listSilenced(storage.db, tenant, of);
  const requests = await Promise.all(waiting.map((row) => describe(context, row)));
  return {
    requests: requests.filter((one) => one !== undefined),
    silenced: await Promise.all(
      silenced.map(async ({ applicationId, until }) => ({
        applicationId,
        applicationName:
          (await nameOf(context, applicationId)) ?? 'An application that was removed',
        until: until.toISOString(),
      })),
    ),
  };
}

/** One request as its person is shown it: what they read is what they sign. */
export async function findAsked(
  context: SessionsContext,
  of: { readonly requestId: Id<'sir'>; readonly subjectId: Id<'stf'> },
): Promise<SignInRequest | undefined> {
  const { clock, storage, tenant } = context;
  const row = await findWaiting(storage.db, tenant, { ...of, at: new Date(clock.now()) });
  return row && describe(context, row);
}

async function nameOf({ storage, tenant }: SessionsContext, applicationId: Id<'app'>) {
  return (await findApplication(storage.db, tenant, applicationId))?.name;
}

/** `undefined`: the application is another one by now, is suspended, or is gone. */
async function describe(
  { storage, tenant }: SessionsContext,
  row: SignInRequestRow,
): Promise<SignInRequest | undefined> {
  const application = await findApplication(storage.db, tenant, row.application_id);
  if (application?.version !== row.application_version || application.suspendedAt) return undefined;
  return {
    requestId: row.request_id,
    applicationId: row.application_id,
    applicationName: application.name,
    bindingMessage: row.binding_message,
    tellsName: row.scope.split(' ').includes('profile'),
    ...(row.resource !== null && { resource: row.resource }),
    acr: row.acr,
    askedAt: row.asked_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}
