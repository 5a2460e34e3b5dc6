import { fromBase64, toBase64 } from './base64.ts';
import type { Hash } from '../tree/hash.ts';
import { parseNote, verifyNote } from './signed-note.ts';
import type { VerifierKey } from './verifier-key.ts';

/** A log's state at one moment (C2SP tlog-checkpoint 1.0.0). */
export interface Checkpoint {
  /** The log's name, unique in the world: a host and a path, without a scheme. */
  readonly origin: string;
  /** Leaves in the tree. */
  readonly size: number;
  readonly root: Hash;
}

/** The text of a checkpoint, to be signed. */
export function writeCheckpoint(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;
}

/** Reads a checkpoint's text strictly. Extension lines are allowed and ignored, as C2SP asks. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const match = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]{44})\n(?:[^\n]+\n)*$/.exec(text);
  if (!match) return undefined;
  const size = Number(match[2]);
  const root = fromBase64(match[3]!);
  if (!Number.isSafeInteger(size) || root?.length !== 32) return undefined;
  return { origin: match[1]!, size, root };
}

/**
 * The checkpoint of a signed note, when this key signed it and its name is the checkpoint's origin.
 * `undefined` otherwise: no part of an unverified note is handed out.
 */
export function openCheckpoint(note: string, key: VerifierKey): Checkpoint | undefined {
  const parsed = parseNote(note);
  if (!parsed || !verifyNote(parsed, key)) return undefined;
  const checkpoint = parseCheckpoint(parsed.text);
  return checkpoint?.origin === key.name ? checkpoint : undefined;
}
