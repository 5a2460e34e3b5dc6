import {
  EMPTY_ROOT,
  sameHash,
  signaturesBy,
  verifyConsistency,
  verifyNote,
  writeNote,
  writeSignature,
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
    /** The log signed a checkpoint that does not follow from what this witness has seen. */
    | 'fork'
    /** The log shows a cosignature of this witness that its state knows nothing of. */
    | 'state-set-back';
  readonly origin: string;
  readonly knownSize: number;
  readonly size: number;
  /** The submitted note: with what the witness has signed, the proof of what it says. */
  readonly note: string;
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
    if (isFork(wrong, request, known)) alarm(parts, 'fork', { request, known });
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

/** A wrong size is an honest mistake. What the log signed and does not follow is not, or its proof is. */
function isFork(wrong: Answer, { oldSize }: AddCheckpoint, known: Signed | undefined): boolean {
  return wrong.status === 422 || oldSize === (known?.checkpoint.size ?? 0);
}

function alarm(
  { onAlarm }: WitnessParts,
  what: WitnessAlarm['what'],
  { request, known }: { readonly request: AddCheckpoint; readonly known: Signed | undefined },
): void {
  const { origin, size } = request.checkpoint;
  const knownSize = known?.checkpoint.size ?? 0;
  onAlarm({ what, origin, knownSize, size, note: writeNote(request.note) });
}

async function sign(
  { signer, logs, state, clock }: WitnessParts,
  { checkpoint, note }: AddCheckpoint,
  known: Signed | undefined,
): Promise<Answer> {
  // Its own times never go back, whatever its clock does.
  const atSeconds = Math.max(Math.floor(clock.now() / 1000), known?.atSeconds ?? 0);
  const line = signer.cosign(note.text, atSeconds);
  const isNew = known === undefined || known.checkpoint.size < checkpoint.size;
  if (isNew) {
    // With the log’s own signature: should it ever sign otherwise, this is the proof.
    const log = (logs.get(checkpoint.origin) ?? []).flatMap((key) => signaturesBy(note, key));
    const kept = writeNote({ text: note.text, signatures: [...log, line] });
    await state.put({ checkpoint, atSeconds, note: kept });
  }
  return { status: 200, body: writeSignature(line) };
}
