import { openCheckpoint, sameHash } from '@proofline/evidence';
import type { Context } from '../context.ts';
import { LedgerStartError } from '../domain/ledger-start-error.ts';
import { createTreeReader } from '../reading/tree-reader.ts';
import type { Head } from '../store/head-rows.ts';

/**
 * The head that another sequencer of the same log has moved on to. It must be signed, and its tree
 * must begin with ours.
 *
 * @throws LedgerStartError for anything else: the history was changed.
 */
export async function adoptHead(context: Context, ours: Head): Promise<Head> {
  const theirs = await context.rows.head.find(context.storage.db);
  if (!theirs || theirs.size < ours.size) throw new LedgerStartError('log.rolled-back');
  const signed = openCheckpoint(theirs.checkpoint, context.signer.key);
  if (signed?.size !== theirs.size || !sameHash(signed.root, theirs.root)) {
    throw new LedgerStartError('log.altered', 'the head is not signed');
  }
  const reader = createTreeReader(context, theirs.size);
  if (!sameHash(await reader.rootAt(ours.size), ours.root)) {
    throw new LedgerStartError('log.forked');
  }
  if (!sameHash(await reader.rootAt(theirs.size), theirs.root)) {
    throw new LedgerStartError('log.altered', 'the nodes do not give the root of the head');
  }
  return theirs;
}
