import { openCheckpoint } from '@proofline/evidence';
import type { Context } from '../context.ts';
import { checkLedger, type CheckProgress } from './check-ledger.ts';

/** What a look at everything that is stored found. */
export interface Fsck {
  /** Entries that the log says it has. */
  readonly size: number;
  /** Sentences; each names the index that it is about. Empty: all is as it was signed. */
  readonly faults: readonly string[];
}

/**
 * Everything that is stored, against itself, the signed head and the high-water mark, without a start:
 * a log that must not go on is looked at all the same.
 */
export async function fsck(context: Context, onProgress?: CheckProgress): Promise<Fsck> {
  const { rows, storage, mark, signer } = context;
  const head = await rows.head.find(storage.db);
  const note = await mark.read();
  if (!head) {
    const faults = note === undefined ? [] : ['The database holds no log, and the mark knows one.'];
    return { size: 0, faults };
  }
  const { size } = head;
  const marked = note === undefined ? undefined : openCheckpoint(note, signer.key);
  if (!marked) {
    const what = note === undefined ? 'is gone' : 'is not signed by this log’s key';
    const faults = await checkLedger(context, head, onProgress);
    return { size, faults: [`The high-water mark ${what}.`, ...faults] };
  }
  if (size < marked.size) {
    const cut = `The log was set back: it has ${size} entries, the mark ${marked.size}.`;
    return { size, faults: [cut, ...(await checkLedger(context, head, onProgress))] };
  }
  return { size, faults: await checkLedger(context, marked, onProgress) };
}
