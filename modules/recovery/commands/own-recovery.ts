import type { Id } from '@proofline/kernel';
import type { OwnRecovery } from '@proofline/protocol';
import type { Colleague } from '@proofline/workforce';
import type { Context } from '../context.ts';
import { mayBeContact } from '../domain/people.ts';
import { shownProgress } from '../domain/progress.ts';
import type { SubjectId } from '../domain/subjects.ts';
import type { RecoveryRow } from '../store/recovery-rows.ts';

/** Whom somebody may choose: active colleagues of their own desk, outside of support. */
export async function eligibleContacts(
  context: Context,
  subjectId: Id<'stf'>,
): Promise<readonly Colleague[]> {
  const everybody = await context.listColleagues();
  const own = everybody.find((one) => one.subjectId === subjectId);
  return everybody.filter(
    (one) =>
      one.active &&
      one.subjectId !== subjectId &&
      one.desk === own?.desk &&
      one.roles.length > 0 &&
      one.roles.every(mayBeContact),
  );
}

/** What the caller has laid by, what is under way for them, and who asks for their word. */
export async function readOwnRecovery(
  context: Context,
  subjectId: Id<'stf'>,
): Promise<OwnRecovery> {
  const { people, rows, storage, wait } = context;
  const { db } = storage;
  const [prepared, [own], asks, everybody, channels] = await Promise.all([
    rows.preparations.find(db, subjectId),
    rows.recoveries.listOpen(db, subjectId),
    rows.open.listAskingFor(db, subjectId),
    context.listColleagues(),
    people.channelsOf(db, subjectId),
  ]);
  const named = (id: SubjectId) => everybody.filter((one) => one.subjectId === id).map(describe);
  const cappedUntil = everybody.find((one) => one.subjectId === subjectId)?.recoveredUntil;
  return {
    contacts: (prepared?.contacts ?? []).flatMap(named),
    contactsNeeded: prepared?.contactsNeeded ?? 0,
    ...(prepared?.chosenAtMs && { contactsChosenAt: new Date(prepared.chosenAtMs).toISOString() }),
    ...(prepared?.code && { codeMadeAt: new Date(prepared.code.madeAtMs).toISOString() }),
    eligible: (await eligibleContacts(context, subjectId)).map(describe),
    channels: channels.length,
    wait: { seconds: wait.waitSeconds, isShortened: wait.isShortened },
    ...(own && { open: describeOpen(context, own) }),
    askedBy: asks.flatMap(({ recovery }) => named(recovery.subjectId)),
    ...(cappedUntil && { cappedUntil }),
  };
}

function describe({ desk, displayName, subjectId }: Colleague) {
  return { subjectId, displayName, desk };
}

/** A recovery that is under way, as its own subject sees it. */
export function describeOpen(
  { clock, wait }: Context,
  { recovery }: RecoveryRow,
): NonNullable<OwnRecovery['open']> {
  const { codeAccepted, contactsSigned, officersSigned, readyAt, startedAt } = shownProgress(
    recovery,
    { nowMs: clock.now(), wait },
  );
  return {
    recoveryId: recovery.recoveryId,
    state: recovery.state === 'waiting' ? 'waiting' : 'collecting',
    startedAt,
    ...(readyAt && { readyAt }),
    codeAccepted,
    contactsSigned,
    officersSigned,
  };
}
