import { bytesToBase64url } from '@proofline/kernel';
import type { Hash } from '../tree/hash.ts';

/** What a receiver of the log is sent, one after the other. */
export type FeedItem =
  | {
      readonly type: 'entry';
      /** The log’s name. */
      readonly origin: string;
      readonly index: number;
      /** Byte for byte what the tree holds the hash of. */
      readonly leaf: string;
      readonly leafHash: Hash;
    }
  | {
      /** An entry that was erased: its hash remains, and that of its id. */
      readonly type: 'erased';
      readonly origin: string;
      readonly index: number;
      readonly leafHash: Hash;
      /** As the erasure names it (`erasedIdHash`). */
      readonly idHash: string;
    }
  | {
      /** An entry of a kind that was not asked for. */
      readonly type: 'passed-over';
      readonly origin: string;
      readonly index: number;
      readonly leafHash: Hash;
    }
  | {
      /** Where a feed begins that does not begin with the log: the compact range of all before it. */
      readonly type: 'start';
      readonly origin: string;
      readonly index: number;
      readonly peaks: readonly Hash[];
    }
  | {
      /** Covers every entry before its size. */
      readonly type: 'checkpoint';
      readonly origin: string;
      readonly size: number;
      /** The signed note (C2SP tlog-checkpoint). */
      readonly checkpoint: string;
      /** The key that signed it, as the sender says. */
      readonly verifierKey: string;
    };

/** An item as one line of JSON, without its newline: hashes as base64url, the leaf as text. */
export function writeFeedLine(item: FeedItem): string {
  const { type, origin: log } = item;
  if (type === 'checkpoint') {
    const { size, checkpoint, verifierKey } = item;
    return JSON.stringify({ type, log, size, checkpoint, verifierKey });
  }
  const { index } = item;
  if (type === 'start') {
    return JSON.stringify({ type, log, index, peaks: item.peaks.map(bytesToBase64url) });
  }
  const leafHash = bytesToBase64url(item.leafHash);
  if (type === 'entry') return JSON.stringify({ type, log, index, leafHash, leaf: item.leaf });
  if (type === 'erased') return JSON.stringify({ type, log, index, leafHash, idHash: item.idHash });
  return JSON.stringify({ type, log, index, leafHash });
}
