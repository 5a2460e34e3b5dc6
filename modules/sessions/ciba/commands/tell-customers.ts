import { findApplication } from '../../applications/store/application-rows.ts';
import type { SessionsContext } from '../../context.ts';
import { takeToBeTold } from '../store/request-rows.ts';

/**
 * Tells customers that applications ask them. Never from within the request of an application: what that takes
 * would tell it whether there is such a customer (P9). Answers how many there were.
 */
export async function tellCustomers(context: SessionsContext): Promise<number> {
  const { clock, storage, tenant } = context;
  const rows = await takeToBeTold(storage.db, tenant);
  for (const { application_id: id, expires_at, state, subject_id: subjectId } of rows) {
    if (state !== 'waiting' || expires_at.getTime() <= clock.now()) continue;
    const application = await findApplication(storage.db, tenant, id);
    if (!application) continue;
    const expiresAtMs = expires_at.getTime();
    context.onSignInAsked?.({ subjectId, applicationName: application.name, expiresAtMs });
  }
  return rows.length;
}
