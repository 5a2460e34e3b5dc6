import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { MessageDraft, OutgoingMessage } from '../types.ts';
import { readContact } from './customer-rows.ts';
import { tables, type MessagesTable } from './tables.ts';

/** A message that was leased for one attempt. */
export interface LeasedMessage extends OutgoingMessage {
  readonly attempts: number;
  readonly notAfter: Date;
}

const BATCH_MAX = 50;

/** SQL of the table `customer_messages`. */
export function messageRows(tenant: string) {
  const update = (db: Db) =>
    tables(db).updateTable('customer_messages').where('tenant', '=', tenant);
  return {
    async insert(db: Db, id: Id<'msg'>, message: MessageDraft & { at: Date }): Promise<void> {
      await tables(db)
        .insertInto('customer_messages')
        .values({
          tenant,
          message_id: id,
          recipient_id: message.recipientId,
          contact_kind: message.to.kind,
          contact_address: message.to.address,
          body: message.text,
          link: message.link,
          state: 'waiting',
          attempts: 0,
          next_attempt_at: message.at,
          not_after: new Date(message.notAfterMs),
          created_at: message.at,
          closed_at: null,
        })
        .execute();
    },

    async listDue(db: Db, at: Date): Promise<LeasedMessage[]> {
      const rows = await tables(db)
        .selectFrom('customer_messages')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('state', '=', 'waiting')
        .where('next_attempt_at', '<=', at)
        .orderBy('next_attempt_at')
        .limit(BATCH_MAX)
        .execute();
      return rows.flatMap((row) => read(row) ?? []);
    },

    /** Takes the next attempt for this process; false when another one took it. */
    async lease(db: Db, message: LeasedMessage, until: Date): Promise<boolean> {
      const result = await update(db)
        .set({ attempts: message.attempts + 1, next_attempt_at: until })
        .where('message_id', '=', message.messageId)
        .where('state', '=', 'waiting')
        .where('attempts', '=', message.attempts)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    /** Sent or given up: the address, the text and the link are wiped. */
    async close(db: Db, id: Id<'msg'>, as: { state: 'sent' | 'given-up'; at: Date }) {
      await update(db)
        .set({
          state: as.state,
          closed_at: as.at,
          contact_kind: null,
          contact_address: null,
          body: null,
          link: null,
        })
        .where('message_id', '=', id)
        .execute();
    },
  };
}

function read(row: MessagesTable): LeasedMessage | undefined {
  const to = readContact(row.contact_kind, row.contact_address);
  if (!to || row.body === null || row.link === null) return undefined;
  return {
    // The column holds only what this module wrote: ids of this kind.
    messageId: row.message_id as Id<'msg'>,
    to,
    text: row.body,
    link: row.link,
    attempts: row.attempts,
    notAfter: row.not_after,
  };
}
