import type { Context } from '../context.ts';
import type { EntryRow } from '../store/entry-rows.ts';
import type { Head } from '../store/head-rows.ts';
import type { Receipt } from '../types.ts';
import { createTreeReader } from './tree-reader.ts';

/** The receipt of an entry that was logged before somebody asked: its proof is read. */
export async function readReceipt(
  context: Context,
  head: Head,
  row: Pick<EntryRow, 'index' | 'evidenceId' | 'leafHash'>,
): Promise<Receipt> {
  const proof = await createTreeReader(context, head.size).inclusionProof(row.index);
  const { evidenceId, index, leafHash } = row;
  return { evidenceId, index, leafHash, proof, checkpoint: head.checkpoint };
}
