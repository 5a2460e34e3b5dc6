import { isId, type Id } from '@proofline/kernel';
import { sql } from 'kysely';
import { Provider } from 'oidc-provider';
import { findApplication } from '../applications/store/application-rows.ts';
import { subjectsOf } from '../ciba/domain/person.ts';
import { endSession } from '../commands/end-session.ts';
import type { SessionsContext } from '../context.ts';
import { findOpenRow, keyOfUid } from '../store/session-rows.ts';
import { tablesOf } from '../store/tables.ts';
import { codeHashAsked } from './application-stamp.ts';
import { modelOf } from './realm.ts';

/** At the token endpoint the library revokes only when a code comes a second time, with its verifier. */
export function isReplay(): boolean {
  return Provider.ctx?.oidc.route === 'token';
}

/** The application that brought a code a second time; ours, the console and the command line, are none. */
export function replayingApplication(): Id<'app'> | undefined {
  const clientId = Provider.ctx?.oidc.client?.clientId;
  return isReplay() && isId('app', clientId) ? clientId : undefined;
}

/** What tokens are given for: a code, or a request to somebody who is elsewhere. */
const isSource = (model: string): boolean =>
  model === 'AuthorizationCode' || model === 'BackchannelAuthenticationRequest';

type Gone = readonly { readonly payload: Record<string, unknown> }[];

/** What was issued for it should die (RFC 6749 §4.1.2); our own tokens live and die with their session. */
export async function endSessionsOf(context: SessionsContext, codes: Gone): Promise<void> {
  for (const oidcUid of new Set(codes.map(({ payload }) => payload['sessionUid']))) {
    if (typeof oidcUid !== 'string') continue;
    const row = await findOpenRow(context.storage.db, context.tenant, keyOfUid(oidcUid));
    if (row) await endSession(context, row.session_id, { because: 'code-replayed' });
  }
}

/**
 * An application brought a code again: its tokens of that code go, and nothing else. The session is its
 * colleague’s, and not for an application to end. The code goes as well, so that there is one entry.
 */
export async function endCodeOf(
  context: SessionsContext,
  model: string,
  applicationId: Id<'app'>,
): Promise<void> {
  const { ledger, realm, storage, tenant } = context;
  const codeHash = codeHashAsked();
  if (codeHash === undefined) return;
  await storage.transaction(async (tx) => {
    const gone = await tablesOf(tx)
      .deleteFrom('oidc_transients')
      .where('tenant', '=', tenant)
      .where('model', '=', modelOf(realm, model))
      .where(isSource(model) ? sql`id_hash` : sql`payload ->> 'codeHash'`, '=', codeHash)
      .returning('payload')
      .execute();
    const sessionUid = gone[0]?.payload['sessionUid'];
    if (!isSource(model) || typeof sessionUid !== 'string') return;
    const session = await findOpenRow(tx, tenant, keyOfUid(sessionUid));
    const application = await findApplication(tx, tenant, applicationId);
    if (!session || !application) return;
    await ledger.record(tx, {
      kind: 'application.code-replayed',
      causes: [session.evidence_id, application.evidenceId],
      refs: { applicationId, sessionId: session.session_id },
      subjects: subjectsOf(session.subject_id, 'owner'),
    });
  });
}
