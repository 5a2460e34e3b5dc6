import { fromBase64, parseCheckpoint, parseNote } from '@proofline/evidence';
import type { Checkpoint, Hash, SignedNote } from '@proofline/evidence';

/** What a log asks a witness for. Nothing of it is checked but its form. */
export interface AddCheckpoint {
  /** Leaves in the checkpoint that the log thinks the witness has signed last. */
  readonly oldSize: number;
  readonly proof: readonly Hash[];
  readonly note: SignedNote;
  readonly checkpoint: Checkpoint;
}

const PROOF_MAX_LINES = 63;

/**
 * Reads the body of `add-checkpoint` (C2SP tlog-witness): an old size line, proof lines, an empty line,
 * a checkpoint. `undefined` when it has any other form, or speaks of more than 2^53 leaves.
 */
export function readRequest(body: string): AddCheckpoint | undefined {
  const divide = body.indexOf('\n\n');
  if (divide < 0) return undefined;
  const [first = '', ...lines] = body.slice(0, divide).split('\n');
  const size = /^old (0|[1-9][0-9]{0,15})$/.exec(first)?.[1];
  const oldSize = Number(size);
  if (size === undefined || !Number.isSafeInteger(oldSize)) return undefined;
  if (lines.length > PROOF_MAX_LINES) return undefined;
  const hashes = lines.map(fromBase64).filter((hash) => hash?.length === 32);
  const proof = hashes.filter((hash) => hash !== undefined);
  const note = parseNote(body.slice(divide + 2));
  const checkpoint = note && parseCheckpoint(note.text);
  if (!note || !checkpoint || proof.length < lines.length) return undefined;
  return { oldSize, proof, note, checkpoint };
}
