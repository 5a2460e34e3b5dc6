import type { SessionsContext } from '../../context.ts';
import { oidcSettingsOf } from '../../applications/domain/oidc-settings-of.ts';
import { findApplication } from '../../applications/store/application-rows.ts';
import { subjectsOf } from '../domain/person.ts';
import { pingPlace } from './ping-secret.ts';
import { closePing, leasePing, listDuePings } from '../store/request-rows.ts';
import type { SignInRequestRow } from '../store/tables.ts';

/** The answer is there for as long as the request would have been; later there is nothing to fetch. */
const ATTEMPTS_MAX = 6;
const FIRST_MS = 1_000;

/**
 * Tells applications that their requests were answered (CIBA Core §10.2): at least once, a bounded number
 * of times, and what came of it is evidence. Whether the answer was yes or no they ask for themselves.
 * Answers how many were told.
 */
export async function deliverPings(context: SessionsContext): Promise<number> {
  const { clock, storage, tenant } = context;
  const due = await listDuePings(storage.db, tenant, new Date(clock.now()));
  // One that is slow to answer keeps no other waiting.
  const told = await Promise.all(due.map((row) => deliverOne(context, row)));
  return told.filter(Boolean).length;
}

async function deliverOne(context: SessionsContext, row: SignInRequestRow): Promise<boolean> {
  const { clock, pings, storage, tenant } = context;
  const waitMs = FIRST_MS * 2 ** row.ping_attempts;
  // The time of the lease too: a process that dies in an attempt loses nothing.
  if (!(await leasePing(storage.db, row, new Date(clock.now() + waitMs)))) return false;
  const application = await findApplication(storage.db, tenant, row.application_id);
  const isSame = application?.version === row.application_version;
  const backchannel = isSame ? oidcSettingsOf(application)?.backchannel : undefined;
  const url = backchannel?.delivery === 'ping' ? backchannel.toldAt : undefined;
  if (url === undefined || application?.suspendedAt || row.sealed_ping === null) {
    await closePing(storage.db, row);
    return false;
  }
  try {
    const secret = pings.open(row.sealed_ping, pingPlace(tenant, row.request_id));
    const told = { url, token: secret.notificationToken, authReqId: secret.authReqId };
    const outcome = await context.postPing(told);
    await close(context, row, outcome === 'taken' ? 'told' : 'refused');
    return outcome === 'taken';
  } catch {
    // What was thrown is not looked at: the other side has a hand in it.
    if (row.ping_attempts + 1 >= ATTEMPTS_MAX) await close(context, row, 'given-up');
    return false;
  }
}

async function close(
  context: SessionsContext,
  row: SignInRequestRow,
  outcome: 'told' | 'refused' | 'given-up',
): Promise<void> {
  await context.storage.transaction(async (tx) => {
    await closePing(tx, row);
    await context.ledger.record(tx, {
      kind: 'sign-in-request.told',
      causes: [row.evidence_id],
      refs: { requestId: row.request_id, applicationId: row.application_id },
      subjects: subjectsOf(row.subject_id, 'owner'),
      facts: { outcome, attempts: row.ping_attempts + 1 },
    });
  });
}
