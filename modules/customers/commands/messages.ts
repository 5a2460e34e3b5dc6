import { newId } from '@proofline/kernel';
import type { Context } from '../context.ts';
import { nextAttemptMs } from '../domain/message-retry.ts';
import type { LeasedMessage } from '../store/message-rows.ts';
import type { Messages } from '../types.ts';

/** The outbox: at least once, never before the commit, never after the link is dead. */
export function createMessages(context: Context): Messages {
  let running: Promise<number> | undefined;
  const deliver = () => {
    running ??= deliverDue(context).finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    async enqueue(tx, draft) {
      const messageId = newId('msg', context);
      const at = new Date(context.clock.now());
      await context.rows.messages.insert(tx, messageId, { ...draft, at });
      return messageId;
    },
    deliver,
    kick() {
      // A failure here is a failure of the database: the message waits, the next round sends it.
      deliver().catch(() => undefined);
    },
  };
}

async function deliverDue(context: Context): Promise<number> {
  const due = await context.rows.messages.listDue(context.storage.db, now(context));
  let sent = 0;
  for (const message of due) {
    if (await deliverOne(context, message)) sent += 1;
  }
  return sent;
}

async function deliverOne(context: Context, message: LeasedMessage): Promise<boolean> {
  const { messages } = context.rows;
  if (message.notAfter <= now(context)) {
    await messages.close(context.storage.db, message.messageId, {
      state: 'given-up',
      at: now(context),
    });
    return false;
  }
  const until = new Date(nextAttemptMs(context.clock.now(), message.attempts));
  if (!(await messages.lease(context.storage.db, message, until))) return false;
  const { messageId, to, text, link } = message;
  try {
    await context.notifier.send({ messageId, to, text, link });
  } catch {
    // The carrier did not take it: the lease runs out and it is tried again. What the carrier
    // threw is not looked at, for it may hold the address.
    return false;
  }
  await messages.close(context.storage.db, messageId, { state: 'sent', at: now(context) });
  return true;
}

function now(context: Context): Date {
  return new Date(context.clock.now());
}
