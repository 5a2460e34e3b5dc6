import type { TellOfLogout } from '../../saml/commands/tell-by-soap.ts';
import type { SessionsContext } from '../../context.ts';
import type { LogoutTable } from '../../store/tables.ts';
import { oidcSettingsOf } from '../domain/oidc-settings-of.ts';
import { findApplication } from '../store/application-rows.ts';
import { closeLogout, leaseLogout, listDueLogouts } from './logout-rows.ts';
import { signLogoutToken } from './sign-logout-token.ts';

/** Nobody who was not there for an hour waits to be told: by then its own tokens are long over. */
const ATTEMPTS_MAX = 10;
const FIRST_MS = 2_000;
const LONGEST_MS = 10 * 60_000;

/**
 * Tells applications of sessions that have ended (OpenID Connect Back-Channel Logout 1.0 §2.5; SAML by SOAP),
 * however they ended: at least once, a bounded number of times, and what came of it is evidence. Answers how many
 * were told.
 */
export async function deliverLogouts(
  context: SessionsContext,
  tellBySoap: TellOfLogout | undefined,
): Promise<number> {
  const due = await listDueLogouts(
    context.storage.db,
    context.tenant,
    new Date(context.clock.now()),
  );
  // One that is slow to answer keeps no other waiting.
  const told = await Promise.all(due.map((row) => deliverOne(context, row, tellBySoap)));
  return told.filter(Boolean).length;
}

async function deliverOne(
  context: SessionsContext,
  row: LogoutTable,
  tellBySoap: TellOfLogout | undefined,
): Promise<boolean> {
  const { clock, storage, tenant } = context;
  const { application_id: applicationId, session_id: sessionId, subject_id: subjectId } = row;
  const waitMs = Math.min(FIRST_MS * 2 ** row.attempts, LONGEST_MS);
  // The time of the lease too: a process that dies in an attempt loses nothing.
  if (!(await leaseLogout(storage.db, row, new Date(clock.now() + waitMs)))) return false;
  const application = await findApplication(storage.db, tenant, applicationId);
  const url = oidcSettingsOf(application)?.backchannelLogoutUri;
  const realmContext = context.of(application?.realm ?? context.realm);
  try {
    const isWanted =
      url === undefined
        ? await tellBySoap?.({ applicationId, sessionId })
        : await post(realmContext, url, { applicationId, sessionId, subjectId });
    if (!isWanted) {
      await closeLogout(storage.db, row, { outcome: 'not-wanted', at: new Date(clock.now()) });
      return false;
    }
  } catch {
    // What was thrown is not looked at: the other side has a hand in it.
    if (row.attempts + 1 >= ATTEMPTS_MAX) await close(context, row, 'given-up');
    return false;
  }
  await close(context, row, 'told');
  return true;
}

async function post(
  context: SessionsContext,
  url: string,
  ended: Parameters<typeof signLogoutToken>[1],
): Promise<true> {
  await context.postLogout({ url, token: await signLogoutToken(context, ended) });
  return true;
}

async function close(
  context: SessionsContext,
  row: LogoutTable,
  outcome: 'told' | 'given-up',
): Promise<void> {
  await context.storage.transaction(async (tx) => {
    await closeLogout(tx, row, { outcome, at: new Date(context.clock.now()) });
    await context.ledger.record(tx, {
      kind: outcome === 'told' ? 'application.logout-told' : 'application.logout-failed',
      causes: [row.evidence_id],
      refs: { applicationId: row.application_id, sessionId: row.session_id },
      subjects: { actor: row.subject_id },
      facts: { attempts: row.attempts + 1 },
    });
  });
}
