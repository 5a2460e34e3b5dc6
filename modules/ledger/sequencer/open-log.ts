import { EMPTY_ROOT, openCheckpoint, type Checkpoint } from '@proofline/evidence';
import type { EvidenceWriter } from '../types.ts';
import type { Context } from '../context.ts';
import { LedgerStartError } from '../domain/ledger-start-error.ts';
import type { Head } from '../store/head-rows.ts';
import { checkTree } from './check-tree.ts';

/**
 * The head to go on from: of a log that was checked whole against its high-water mark, or of a new
 * one, whose first entry then says `log.created`.
 *
 * @throws LedgerStartError when the log was altered, forked or set back.
 */
export async function openLog(context: Context, record: EvidenceWriter['record']): Promise<Head> {
  const { rows, storage, mark } = context;
  const stored = await rows.head.find(storage.db);
  const note = await mark.read();
  if (!stored) {
    if (note !== undefined) throw new LedgerStartError('log.rolled-back', 'it holds no log at all');
    return createLog(context, record);
  }
  const checkpoint = openMark(context, note, stored);
  if (checkpoint && stored.size < checkpoint.size) {
    const sizes = `it has ${stored.size} entries, the mark ${checkpoint.size}`;
    throw new LedgerStartError('log.rolled-back', sizes);
  }
  for await (const fault of checkTree(context, stored, {
    ...(checkpoint && { mark: checkpoint }),
  })) {
    throw new LedgerStartError(fault.about === 'mark' ? 'log.forked' : 'log.altered', fault.text);
  }
  if (checkpoint?.size !== stored.size) await mark.write(stored.checkpoint);
  return stored;
}

function openMark(context: Context, note: string | undefined, head: Head): Checkpoint | undefined {
  if (note === undefined) {
    // A crash between the creation of the log and of its mark leaves exactly this.
    if (head.size === 0) return undefined;
    throw new LedgerStartError('log.mark-missing', `${head.size} entries`);
  }
  const checkpoint = openCheckpoint(note, context.signer.key);
  if (!checkpoint) throw new LedgerStartError('log.mark-unreadable');
  return checkpoint;
}

async function createLog(context: Context, record: EvidenceWriter['record']): Promise<Head> {
  const { rows, storage, signer, mark } = context;
  const empty = { size: 0, root: EMPTY_ROOT };
  const head: Head = { ...empty, peaks: [], checkpoint: signer.signCheckpoint(empty) };
  await storage.transaction(async (tx) => {
    await rows.head.create(tx, head);
    await record(tx, {
      kind: 'log.created',
      facts: { origin: context.origin, verifierKey: signer.key.text, entryVersion: 1 },
    });
  });
  await mark.write(head.checkpoint);
  return head;
}
