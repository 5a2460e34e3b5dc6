import type { Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { StaffCaller } from '@proofline/protocol';
import { momentOf, type Context } from '../context.ts';
import { advance } from '../domain/advance.ts';
import type { ActionOf } from '../domain/actions.ts';
import { announce, keepStep } from './keep-step.ts';

/** One tap in a live session: whatever is under way for the caller's own account ends. */
export async function cancelOwn(context: Context, caller: StaffCaller): Promise<void> {
  const open = await context.rows.recoveries.listOpen(context.storage.db, caller.subjectId);
  for (const { recovery } of open) {
    await cancel(context, {
      recoveryId: recovery.recoveryId,
      action: { kind: 'cancel', by: caller.subjectId, linkOf: undefined },
      refs: { sessionId: caller.sessionId },
      by: 'session',
    });
  }
}

/** The link of a notice, which can only cancel. An unknown or used one gets the same answer (P9). */
export async function cancelByLink(context: Context, secret: string): Promise<void> {
  const { db } = context.storage;
  const recoveryId = await context.rows.passing.recoveryOfLink(db, sha256Base64url(secret));
  if (!recoveryId) return;
  const action = { kind: 'cancel', by: undefined, linkOf: recoveryId } as const;
  await cancel(context, { recoveryId, action, refs: {}, by: 'link' });
}

/** Takes what stands in the row as it is: an edited row must not be what cannot be cancelled. */
async function cancel(
  context: Context,
  of: {
    readonly recoveryId: Id<'rcv'>;
    readonly action: ActionOf<'cancel'>;
    readonly refs: Readonly<Record<string, string>>;
    readonly by: 'session' | 'link';
  },
): Promise<void> {
  const done = await context.storage.transaction(async (tx) => {
    const row = await context.rows.recoveries.findById(tx, of.recoveryId);
    const next = row?.isReal ? advance(row.recovery, of.action, momentOf(context)) : undefined;
    if (!row || !next?.ok) return undefined;
    const evidenceId = await keepStep(context, tx, {
      row,
      step: next.value,
      entry: {
        kind: 'recovery.cancelled',
        refs: of.refs,
        subjects: { actor: row.recovery.subjectId },
        facts: { by: of.by },
      },
    });
    return { evidenceId, recovery: next.value.recovery };
  });
  if (!done) return;
  await context.ledger.durable(done.evidenceId);
  announce(context, done.recovery);
}
