import type { Hash } from '../tree/hash.ts';
import { verifyInclusion } from '../tree/verify-proofs.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { VerifierKey } from './verifier-key.ts';

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
/** Below 2^53 leaves no proof has more hashes. */
const HASHES_MAX = 53;
const TEXT_MAX_CHARS = 64 * 1024;

/** That an entry is in a log, checkable without the log (C2SP tlog-proof). */
export interface TlogProof {
  readonly index: number;
  /** From the leaf’s sibling to the root’s child. */
  readonly proof: readonly Hash[];
  /** The checkpoint as a signed note, cosignatures of witnesses included. */
  readonly checkpoint: string;
}

/** The text of a proof: what a file `.tlog-proof` holds. */
export function writeTlogProof({ index, proof, checkpoint }: TlogProof): string {
  const hashes = proof.map((hash) => `${toBase64(hash)}\n`).join('');
  return `${FIRST_LINE}\nindex ${index}\n${hashes}\n${checkpoint}`;
}

/** Reads a proof strictly; `undefined` for anything else. Extra data is allowed, and not handed out. */
export function parseTlogProof(text: string): TlogProof | undefined {
  const end = text.indexOf('\n\n');
  if (text.length > TEXT_MAX_CHARS || end < 0) return undefined;
  const lines = text.slice(0, end).split('\n');
  if (lines.shift() !== FIRST_LINE) return undefined;
  if (lines[0]?.startsWith('extra ') === true) {
    if (fromBase64(lines.shift()!.slice('extra '.length)) === undefined) return undefined;
  }
  const digits = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '')?.[1];
  const index = Number(digits);
  if (digits === undefined || !Number.isSafeInteger(index)) return undefined;
  const proof = lines.map(fromBase64);
  const isWhole = (hashes: readonly (Hash | undefined)[]): hashes is Hash[] =>
    hashes.length <= HASHES_MAX && hashes.every((hash) => hash?.length === 32);
  return isWhole(proof) ? { index, proof, checkpoint: text.slice(end + 2) } : undefined;
}

/** The checkpoint under which the leaf is, when this key signed it and the proof holds. */
export function openTlogProof(
  text: string,
  { leafHash, key }: { readonly leafHash: Hash; readonly key: VerifierKey },
): Checkpoint | undefined {
  const parsed = parseTlogProof(text);
  const checkpoint = parsed && openCheckpoint(parsed.checkpoint, key);
  if (!checkpoint) return undefined;
  const { index: leafIndex, proof } = parsed;
  const { size: treeSize, root } = checkpoint;
  const isIn = verifyInclusion({ leafIndex, leafHash, proof, treeSize, root });
  return isIn ? checkpoint : undefined;
}
