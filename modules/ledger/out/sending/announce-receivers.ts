import { canonicalJson, type JsonObject } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Context } from '../../context.ts';
import type { Head } from '../../store/head-rows.ts';
import type { EvidenceDraft, EvidenceListWriter } from '../../types.ts';
import type { Receiver } from '../receiver.ts';
import { receiverRows, type ReceiverRow } from './receiver-rows.ts';

/**
 * Writes down who is sent the log, where it was not or was otherwise before, and who is no more: the
 * operator’s settings are nobody’s request, and are evidence all the same.
 */
export async function announceReceivers(
  context: Context,
  head: Head,
  writer: Pick<EvidenceListWriter, 'recordAll'>,
): Promise<void> {
  const { receivers = [], storage, tenant } = context;
  const rows = receiverRows(tenant);
  await storage.transaction(async (tx) => {
    const drafts: EvidenceDraft[] = [];
    for (const receiver of receivers) {
      const row = await findOrBegin(context, receiver, { db: tx, head });
      const facts = factsOf(receiver);
      const settings = canonicalJson(facts);
      if (row.settings === settings) continue;
      await rows.setSettings(tx, receiver.name, settings);
      const refs = { receiver: receiver.name };
      drafts.push({
        kind: 'evidence.receiver-set',
        refs,
        facts: { ...facts, from: row.next_index },
      });
    }
    const named = new Set(receivers.map(({ name }) => name));
    for (const { name, next_index, settings } of await rows.list(tx)) {
      if (named.has(name) || settings === null) continue;
      await rows.setSettings(tx, name, null);
      const facts = { sentTo: next_index };
      drafts.push({ kind: 'evidence.receiver-removed', refs: { receiver: name }, facts });
    }
    await writer.recordAll(tx, drafts);
  });
}

function factsOf({ form, kinds, target }: Receiver): JsonObject {
  return { form, target, ...(kinds && { kinds: [...kinds].toSorted() }) };
}

/** How far a receiver is; one that is new begins as it is set. */
export async function findOrBegin(
  { clock, tenant }: Context,
  { from, name }: Receiver,
  { db, head }: { readonly db: Db; readonly head: Head },
): Promise<ReceiverRow> {
  const rows = receiverRows(tenant);
  const before = await rows.find(db, name);
  if (before) return before;
  const index = from === 'now' ? head.size : 0;
  await rows.begin(db, { name, index, now: new Date(clock.now()) });
  // Written just now, by this process or another one.
  return (await rows.find(db, name))!;
}
