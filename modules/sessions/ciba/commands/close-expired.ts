import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../../context.ts';
import { subjectsOf } from '../domain/person.ts';
import { DAY_MS } from '../domain/texts.ts';
import { answerPayload } from '../store/answer-payload.ts';
import { closeRequest, forgetRequests, listOverdue } from '../store/request-rows.ts';
import type { SignInRequestRow } from '../store/tables.ts';

/** How long an ended request is kept: as long as the limits look back, and some; one that was told, for theirs. */
const KEPT_MS = 3_600_000;

interface Ending {
  readonly row: SignInRequestRow;
  readonly because: 'too-late' | 'another-came';
}

/** Ends a request that nobody answered, in the caller’s transaction. */
export async function closeExpired(
  context: SessionsContext,
  tx: Db,
  { because, row }: Ending,
): Promise<void> {
  const evidenceId = await context.ledger.record(tx, {
    kind: 'sign-in-request.expired',
    causes: [row.evidence_id],
    refs: { requestId: row.request_id, applicationId: row.application_id },
    subjects: subjectsOf(row.subject_id, 'owner'),
    facts: { because },
  });
  const end = { state: 'expired', evidence_id: evidenceId, sealed_ping: null } as const;
  if (!(await closeRequest(tx, row, end))) throw new Error('the request was answered meanwhile');
  await answerPayload(tx, row, {
    error: 'expired_token',
    errorDescription: 'the request is over',
  });
}

/** Ends what nobody answered in time, and forgets what ended long ago; answers how many ended. */
export async function endOverdueRequests(context: SessionsContext): Promise<number> {
  const { clock, storage, tenant } = context;
  const at = new Date(clock.now());
  const overdue = await listOverdue(storage.db, tenant, at);
  let ended = 0;
  for (const row of overdue) {
    const isEnded = await storage
      .transaction((tx) => closeExpired(context, tx, { row, because: 'too-late' }))
      .then(() => true)
      // Answered at the last moment, or ended by another process.
      .catch(() => false);
    if (isEnded) ended += 1;
  }
  await forgetRequests(storage.db, tenant, {
    before: new Date(at.getTime() - KEPT_MS),
    toldBefore: new Date(at.getTime() - DAY_MS),
  });
  return ended;
}
