import type { Id } from '@proofline/kernel';
import type { SessionsContext } from '../../context.ts';
import type { AssuranceStatement } from '../../domain/levels.ts';
import { findOpenRow } from '../../store/session-rows.ts';
import type { SessionRow } from '../../store/tables.ts';
import { postureFault } from './posture-fault.ts';
import { findApplication, noteUse, rememberUse } from '../store/application-rows.ts';

const noteEveryMs = 60_000;

interface SignIn {
  readonly applicationId: Id<'app'>;
  readonly session: SessionRow;
  readonly statement: AssuranceStatement;
  /** What led to it besides. */
  readonly because?: Id<'evt'> | undefined;
  /** What the person agreed to besides. */
  readonly asked?: Readonly<Record<string, string | string[]>>;
}

/**
 * A code is about to give a token (or a SAML assertion): the session remembers the application, and each
 * such sign-in is an entry. Answers why not, where the session or the application is over by now, or the
 * machine is not one that the application’s policy takes: no token then.
 */
export async function noteSignIn(
  context: SessionsContext,
  { applicationId, asked, because, session, statement }: SignIn,
): Promise<string | undefined> {
  const { tenant } = context;
  const at = new Date(context.clock.now());
  const noted = await context.storage.transaction(async (tx) => {
    const application = await findApplication(tx, tenant, applicationId);
    const open = await findOpenRow(tx, tenant, { session_id: session.session_id });
    if (!application || application.suspendedAt || !open)
      return { fault: 'the session has ended' } as const;
    const fault = await postureFault(context, tx, { policy: application.policy, row: open });
    if (fault !== undefined) return { fault };
    const lastUsedMs = application.lastUsedAt?.getTime() ?? 0;
    if (at.getTime() - lastUsedMs >= noteEveryMs) await noteUse(tx, tenant, { applicationId, at });
    const { session_id: sessionId } = session;
    await rememberUse(tx, tenant, { applicationId, sessionId, at });
    const evidenceId = await context.ledger.record(tx, {
      kind: 'application.signed-in',
      causes: [open.evidence_id, application.evidenceId, ...(because ? [because] : [])],
      refs: { applicationId, sessionId },
      subjects: { actor: session.subject_id },
      facts: {
        acr: statement.acr,
        authTime: statement.authTime,
        version: application.version,
        ...asked,
      },
    });
    return { evidenceId };
  });
  if ('fault' in noted) return noted.fault;
  await context.ledger.durable(noted.evidenceId);
  return undefined;
}
