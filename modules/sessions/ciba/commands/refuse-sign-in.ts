import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { findApplication } from '../../applications/store/application-rows.ts';
import type { SessionsContext } from '../../context.ts';
import type { PersonId } from '../../types.ts';
import { subjectsOf } from '../domain/person.ts';
import { answerPayload } from '../store/answer-payload.ts';
import { closeRequest, findWaiting } from '../store/request-rows.ts';
import { endSilence, silence } from '../store/silence-rows.ts';

interface Refusing {
  readonly requestId: Id<'sir'>;
  readonly subjectId: PersonId;
  readonly sessionId: Id<'ses'>;
  readonly silenceMinutes?: number | undefined;
}

/** Refuses a request: no passkey is needed for a no. False when there is no such request to them. */
export async function refuseSignIn(context: SessionsContext, asked: Refusing): Promise<boolean> {
  const refused = await context.storage.transaction((tx) => refuse(context, tx, asked));
  if (!refused) return false;
  await context.ledger.durable(refused);
  return true;
}

async function refuse(
  context: SessionsContext,
  tx: Db,
  { silenceMinutes, sessionId, ...of }: Refusing,
): Promise<Id<'evt'> | undefined> {
  const { clock, ledger, tenant } = context;
  const at = new Date(clock.now());
  const row = await findWaiting(tx, tenant, { ...of, at });
  if (!row) return undefined;
  const { application_id: applicationId, request_id: requestId } = row;
  const subjects = subjectsOf(of.subjectId, 'actor');
  const evidenceId = await ledger.record(tx, {
    kind: 'sign-in-request.refused',
    causes: [row.evidence_id],
    refs: { requestId, applicationId, sessionId },
    subjects,
    facts: { silenced: silenceMinutes !== undefined },
  });
  const pingAt = row.sealed_ping === null ? {} : { ping_at: at };
  const end = { state: 'refused', evidence_id: evidenceId, ...pingAt } as const;
  if (!(await closeRequest(tx, row, end))) return undefined;
  await answerPayload(tx, row, {
    error: 'access_denied',
    errorDescription: 'the person refused',
  });
  if (silenceMinutes === undefined) return evidenceId;
  const until = new Date(at.getTime() + silenceMinutes * 60_000);
  await silence(tx, tenant, { subjectId: of.subjectId, applicationId, until });
  return ledger.record(tx, {
    kind: 'application.silenced',
    causes: [evidenceId],
    refs: { applicationId, sessionId },
    subjects,
    facts: { minutes: silenceMinutes },
  });
}

/** An application that was silenced may ask again. */
export async function hearAgain(
  context: SessionsContext,
  of: {
    readonly subjectId: PersonId;
    readonly sessionId: Id<'ses'>;
    readonly applicationId: Id<'app'>;
  },
): Promise<void> {
  const { applicationId, sessionId, subjectId } = of;
  const { ledger, storage, tenant } = context;
  await storage.transaction(async (tx) => {
    if (!(await endSilence(tx, tenant, { applicationId, subjectId }))) return;
    const application = await findApplication(tx, tenant, applicationId);
    await ledger.record(tx, {
      kind: 'application.heard-again',
      causes: application ? [application.evidenceId] : [],
      refs: { applicationId, sessionId },
      subjects: subjectsOf(subjectId, 'actor'),
    });
  });
}
