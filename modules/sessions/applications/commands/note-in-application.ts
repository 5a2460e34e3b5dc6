import type { Id } from '@proofline/kernel';
import type { EvidenceDraft } from '@proofline/ledger';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../../context.ts';
import { findOpenRow } from '../../store/session-rows.ts';
import type { SessionRow } from '../../store/tables.ts';
import { findApplication, rememberUse, type ApplicationRow } from '../store/application-rows.ts';
import { postureFault } from './posture-fault.ts';

interface Noted {
  readonly applicationId: Id<'app'>;
  readonly session: SessionRow;
  /** What it is: its kind, what led to it besides session and application, and its facts besides the version. */
  readonly entry: Required<Pick<EvidenceDraft, 'kind' | 'causes' | 'facts'>>;
  /** What is noted besides, in the same transaction; what it answers is why not. */
  readonly besides?: (tx: Db, application: ApplicationRow) => Promise<string | undefined>;
}

/**
 * The session remembers an application that is about to get a token, with an entry that is durable before
 * there is one. Answers why not, where session or application are over by now, or the machine is not one
 * that the application’s policy takes.
 */
export async function noteInApplication(
  context: SessionsContext,
  { applicationId, besides, entry, session }: Noted,
): Promise<string | undefined> {
  const { tenant } = context;
  const at = new Date(context.clock.now());
  const noted = await context.storage.transaction(async (tx) => {
    const application = await findApplication(tx, tenant, applicationId);
    const open = await findOpenRow(tx, tenant, { session_id: session.session_id });
    if (!application || application.suspendedAt || open?.realm !== application.realm)
      return { fault: 'the session has ended' } as const;
    const fault = await postureFault(context, tx, { policy: application.policy, row: open });
    if (fault !== undefined) return { fault };
    const other = await besides?.(tx, application);
    if (other !== undefined) return { fault: other };
    const { session_id: sessionId } = session;
    await rememberUse(tx, tenant, { applicationId, sessionId, at });
    const evidenceId = await context.ledger.record(tx, {
      kind: entry.kind,
      causes: [open.evidence_id, application.evidenceId, ...entry.causes],
      refs: { applicationId, sessionId },
      subjects: { [open.realm === 'workforce' ? 'actor' : 'customer']: session.subject_id },
      facts: { ...entry.facts, version: application.version },
    });
    return { evidenceId };
  });
  if ('fault' in noted) return noted.fault;
  await context.ledger.durable(noted.evidenceId);
  return undefined;
}
