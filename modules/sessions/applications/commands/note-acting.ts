import type { Id } from '@proofline/kernel';
import type { SessionsContext } from '../../context.ts';
import { findOpenRow } from '../../store/session-rows.ts';
import type { SessionRow } from '../../store/tables.ts';
import { findApplication, rememberUse } from '../store/application-rows.ts';
import { postureFault } from './posture-fault.ts';

interface Acting {
  readonly applicationId: Id<'app'>;
  readonly session: SessionRow;
  /** To whom the token was issued that it was called with. */
  readonly calledBy: Id<'app'>;
  readonly resource: string;
}

/** An application is about to act for somebody: an entry, before there is a token. Answers why not. */
export async function noteActing(
  context: SessionsContext,
  { applicationId, calledBy, resource, session }: Acting,
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
    const { session_id: sessionId } = session;
    await rememberUse(tx, tenant, { applicationId, sessionId, at });
    const evidenceId = await context.ledger.record(tx, {
      kind: 'application.acted',
      causes: [open.evidence_id, application.evidenceId],
      refs: { applicationId, sessionId },
      subjects: { actor: session.subject_id },
      facts: { calledBy, resource, version: application.version },
    });
    return { evidenceId };
  });
  if ('fault' in noted) return noted.fault;
  await context.ledger.durable(noted.evidenceId);
  return undefined;
}
