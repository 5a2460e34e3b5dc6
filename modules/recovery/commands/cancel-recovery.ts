import type { Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { PersonalFields } from '@proofline/ledger';
import { ProblemError } from '@proofline/protocol';
import { momentOf, type Context } from '../context.ts';
import { advance } from '../domain/advance.ts';
import type { ActionOf } from '../domain/actions.ts';
import { CANCELS_COUNTED_MS, type SubjectId } from '../domain/subjects.ts';
import { announce, keepStep, takeStep } from './keep-step.ts';
import { recordRefusal } from './refuse.ts';

/** Whoever is signed in as the subject. */
export interface OwnCaller {
  readonly subjectId: SubjectId;
  readonly sessionId: Id<'ses'>;
}

/** The passkey of the subject over their wish to cancel: who doubts it verifies it again. */
export interface Touch {
  readonly causes: readonly Id<'evt'>[];
  readonly personal: readonly PersonalFields[];
}

/**
 * One tap in a live session: whatever is under way for the caller's own account ends.
 *
 * @throws ProblemError `recovery.touch-needed` when sessions have cancelled too often without a passkey.
 */
export async function cancelOwn(
  context: Context,
  { sessionId, subjectId }: OwnCaller,
  touch: Touch | undefined,
): Promise<void> {
  const isTouched = touch !== undefined;
  const open = await context.rows.recoveries.listOpen(context.storage.db, subjectId);
  for (const { recovery } of open) {
    await cancel(context, {
      recoveryId: recovery.recoveryId,
      action: { by: subjectId, linkOf: undefined, isTouched },
      refs: { sessionId },
      by: isTouched ? 'passkey' : 'session',
      touch,
    });
  }
}

/**
 * The link of a notice, which can only cancel. An unknown or used one gets the same answer (P9).
 *
 * @throws ProblemError `recovery.touch-needed` for a link that is good and was used too often.
 */
export async function cancelByLink(context: Context, secret: string): Promise<void> {
  const { db } = context.storage;
  const recoveryId = await context.rows.passing.recoveryOfLink(db, sha256Base64url(secret));
  if (!recoveryId) return;
  const action = { by: undefined, linkOf: recoveryId, isTouched: false };
  await cancel(context, { recoveryId, action, refs: {}, by: 'link' });
}

/** Takes what stands in the row as it is: an edited row must not be what cannot be cancelled. */
async function cancel(
  context: Context,
  of: {
    readonly recoveryId: Id<'rcv'>;
    readonly action: Pick<ActionOf<'cancel'>, 'by' | 'linkOf' | 'isTouched'>;
    readonly refs: Readonly<Record<string, string>>;
    readonly by: 'session' | 'passkey' | 'link';
    readonly touch?: Touch | undefined;
  },
): Promise<void> {
  const { recoveries } = context.rows;
  const moment = momentOf(context);
  const since = new Date(moment.nowMs - CANCELS_COUNTED_MS);
  const done = await takeStep(context, async (tx) => {
    const row = await recoveries.findById(tx, of.recoveryId);
    if (!row?.isReal) return undefined;
    const { subjectId } = row.recovery;
    const cancelledLately = await recoveries.countProvedCancels(tx, subjectId, since);
    const next = advance(row.recovery, { kind: 'cancel', ...of.action, cancelledLately }, moment);
    if (!next.ok) return { row, because: next.error };
    const evidenceId = await keepStep(context, tx, {
      row,
      step: next.value,
      entry: {
        kind: 'recovery.cancelled',
        refs: of.refs,
        subjects: { actor: subjectId },
        facts: { by: of.by },
        ...of.touch,
      },
    });
    return { evidenceId, recovery: next.value.recovery };
  });
  if (done?.because === 'cancelled-sparingly') {
    const { because, row } = done;
    await recordRefusal(context, { step: 'cancel', because, key: row.recovery.recoveryId, row });
    throw new ProblemError('recovery.touch-needed');
  }
  if (!done?.evidenceId) return;
  await context.ledger.durable(done.evidenceId);
  announce(context, done.recovery);
}
