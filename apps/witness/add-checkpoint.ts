import {
  EMPTY_ROOT,
  provedOldRoot,
  sameHash,
  signaturesBy,
  toBase64,
  verifyConsistency,
  verifyNote,
  writeNote,
  writeSignature,
  type NoteSignature,
  type WitnessSigner,
} from '@proofline/evidence';
import type { Clock } from '@proofline/kernel';
import type { KnownLogs } from './config.ts';
import { readRequest, type AddCheckpoint } from './read-request.ts';
import { readSigned, type Signed, type WitnessState } from './witness-state.ts';

/** What a witness answers (C2SP tlog-witness, «add-checkpoint»). */
export type Answer =
  /** Its signature lines. */
  | { readonly status: 200; readonly body: string }
  /** The size that it has signed last, as a line. */
  | { readonly status: 409; readonly body: string }
  | { readonly status: 400 | 403 | 404 | 422; readonly body: string };

/** Something that the witness’s operator must hear of. Holds public data only: names, sizes, checkpoints. */
export interface WitnessAlarm {
  readonly what:
    /** Proved: the log signed a checkpoint that does not follow from what this witness has seen. */
    | 'fork'
    /** The proof with a newer checkpoint leads nowhere. Whoever brought it may be anybody. */
    | 'unproved'
    /** The log shows a cosignature of this witness that its state knows nothing of. */
    | 'state-set-back';
  readonly origin: string;
  readonly knownSize: number;
  readonly size: number;
  /** The submitted note without strangers’ lines: with what the witness has signed, the proof of a fork. */
  readonly note: string;
  /** The submitted hashes that belong to that proof. */
  readonly proof: readonly string[];
}

/** What a witness works with. */
export interface WitnessParts {
  readonly signer: WitnessSigner;
  readonly logs: KnownLogs;
  readonly state: WitnessState;
  readonly clock: Clock;
  onAlarm(alarm: WitnessAlarm): void;
}

/**
 * Judges one request; the caller lets only one at a time come here. Signs nothing before the new state
 * is on the disk.
 *
 * @throws whatever keeps the state from being written: nothing was signed then.
 */
export async function addCheckpoint(parts: WitnessParts, body: string): Promise<Answer> {
  const request = readRequest(body);
  if (!request)
    return { status: 400, body: 'The body is not of the form that tlog-witness has.\n' };
  const refusal = refuseStranger(parts, request);
  if (refusal) return refusal;
  const known = await takeBack(parts, request);
  const wrong = refuseInconsistent(request, known);
  if (wrong) {
    const what = suspicion(request, known);
    if (what) alarm(parts, what, { request, known });
    return wrong;
  }
  return sign(parts, request, known);
}

function refuseStranger({ logs }: WitnessParts, request: AddCheckpoint): Answer | undefined {
  const { checkpoint, note, oldSize } = request;
  const keys = logs.get(checkpoint.origin);
  if (!keys) return { status: 404, body: 'This witness does not know the log.\n' };
  if (!keys.some((key) => verifyNote(note, key))) {
    return { status: 403, body: 'No key of this log signed the checkpoint.\n' };
  }
  return oldSize > checkpoint.size
    ? { status: 400, body: 'The old size is larger than the checkpoint’s.\n' }
    : undefined;
}

/**
 * What this witness has signed last of the log. Where the request brings a cosignature of this very
 * witness over a larger tree, its state was set back: it takes its own word back, since that word was
 * given only after the consistency had been proved.
 */
async function takeBack(parts: WitnessParts, request: AddCheckpoint): Promise<Signed | undefined> {
  const known = parts.state.find(request.checkpoint.origin);
  const own = readSigned(writeNote(request.note), parts.signer.key);
  if (!own || own.checkpoint.size <= (known?.checkpoint.size ?? 0)) return known;
  alarm(parts, 'state-set-back', { request, known });
  await parts.state.put(own);
  return own;
}

function refuseInconsistent(
  { checkpoint, oldSize, proof }: AddCheckpoint,
  known: Signed | undefined,
): Answer | undefined {
  const knownSize = known?.checkpoint.size ?? 0;
  const conflict: Answer = { status: 409, body: `${knownSize}\n` };
  if (oldSize !== knownSize) return conflict;
  const oldRoot = known?.checkpoint.root ?? EMPTY_ROOT;
  if (oldSize === checkpoint.size && !sameHash(oldRoot, checkpoint.root)) return conflict;
  // From nothing, or to the same tree, nothing is to be proved (RFC 6962 §2.1.2).
  const follows =
    oldSize === 0 || oldSize === checkpoint.size
      ? proof.length === 0
      : verifyConsistency({
          oldSize,
          oldRoot,
          newSize: checkpoint.size,
          newRoot: checkpoint.root,
          proof,
        });
  return follows
    ? undefined
    : { status: 422, body: 'The proof does not lead from the old tree to the new one.\n' };
}

/**
 * What a request that is not signed says of the log. Its checkpoint is the log’s word, its old size and its
 * proof are anybody’s: only where they prove that the log has two histories is it accused.
 */
function suspicion(
  { checkpoint: { size, root }, oldSize, proof }: AddCheckpoint,
  known: Signed | undefined,
): WitnessAlarm['what'] | undefined {
  const knownSize = known?.checkpoint.size ?? 0;
  const knownRoot = known?.checkpoint.root ?? EMPTY_ROOT;
  if (size === knownSize) return sameHash(root, knownRoot) ? undefined : 'fork';
  // A wrong size is an honest mistake, and to nothing there is no contradiction.
  if (oldSize !== knownSize || oldSize === 0) return undefined;
  const shown = provedOldRoot({ oldSize, newSize: size, newRoot: root, proof });
  return shown && !sameHash(shown, knownRoot) ? 'fork' : 'unproved';
}

function alarm(
  { onAlarm, signer, logs }: WitnessParts,
  what: WitnessAlarm['what'],
  { request, known }: { readonly request: AddCheckpoint; readonly known: Signed | undefined },
): void {
  const { origin, size } = request.checkpoint;
  const knownSize = known?.checkpoint.size ?? 0;
  const own = what === 'state-set-back' ? signaturesBy(request.note, signer.key) : [];
  const signatures = [...linesOfLog(logs, request), ...own];
  const note = writeNote({ text: request.note.text, signatures });
  onAlarm({
    what,
    origin,
    knownSize,
    size,
    note,
    proof: what === 'fork' ? request.proof.map(toBase64) : [],
  });
}

/** What the log itself wrote under its checkpoint: one line of each key that signed it. */
function linesOfLog(
  logs: KnownLogs,
  { checkpoint, note }: AddCheckpoint,
): readonly NoteSignature[] {
  const signing = (logs.get(checkpoint.origin) ?? []).filter((key) => verifyNote(note, key));
  return signing.flatMap((key) => signaturesBy(note, key).slice(0, 1));
}

async function sign(
  { signer, logs, state, clock }: WitnessParts,
  request: AddCheckpoint,
  known: Signed | undefined,
): Promise<Answer> {
  const { checkpoint, note } = request;
  // Its own times never go back, whatever its clock does.
  const atSeconds = Math.max(Math.floor(clock.now() / 1000), known?.atSeconds ?? 0);
  const line = signer.cosign(note.text, atSeconds);
  const isNew = known === undefined || known.checkpoint.size < checkpoint.size;
  if (isNew) {
    // With the log’s own signature: should it ever sign otherwise, this is the proof.
    const signatures = [...linesOfLog(logs, request), line];
    const kept = writeNote({ text: note.text, signatures });
    await state.put({ checkpoint, atSeconds, note: kept });
  }
  return { status: 200, body: writeSignature(line) };
}
