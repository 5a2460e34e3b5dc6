import { parseCheckpoint, parseNote, type Checkpoint, type WitnessKey } from '@proofline/evidence';
import { z } from 'zod';
import type { StateDirectory } from './state-directory.ts';

/** What a witness has signed last of one log. */
export interface Signed {
  readonly checkpoint: Checkpoint;
  /** POSIX time in seconds of its cosignature. */
  readonly atSeconds: number;
  /** The checkpoint with the log’s signature and this witness’s own. */
  readonly note: string;
}

/** What a witness must never forget. */
export interface WitnessState {
  /** `undefined`: it has never signed anything of this log. */
  find(origin: string): Signed | undefined;
  /** Resolves when it is on the disk; until then {@link find} answers the former. */
  put(signed: Signed): Promise<void>;
  /** Reads again what is on the disk: another process may have been there. */
  reload(): Promise<void>;
}

/** The state cannot be gone on from. Stops the start. */
export class StateError extends Error {
  constructor(sentence: string) {
    super(`The witness cannot start: ${sentence}`);
    this.name = 'StateError';
  }
}

const FORMAT = 'proofline-witness/1';
const File = z.strictObject({
  format: z.literal(FORMAT),
  witness: z.string(),
  /** Notes; each carries the witness’s own signature, so that nobody else can have written one. */
  signed: z.array(z.string()).max(1_000),
});

/**
 * Opens the state of the witness with this key. None is not taken for an empty one: a witness that has
 * lost its memory would sign anything.
 *
 * @throws StateError when there is none, or it is of another key, or holds what this key has not signed.
 */
export async function openState(directory: StateDirectory, key: WitnessKey): Promise<WitnessState> {
  let signed = new Map<string, Signed>();
  const load = async () => {
    const text = await directory.read();
    if (text === undefined) {
      throw new StateError(
        'there is no state in WITNESS_DATA_DIRECTORY. If this witness has never signed, run it once ' +
          'with ‘begin’. If it has, give it its state back, or retire its key.',
      );
    }
    signed = readState(text, key);
  };
  await load();
  return {
    find: (origin) => signed.get(origin),
    async put(one) {
      const next = new Map(signed).set(one.checkpoint.origin, one);
      await directory.write(writeState(next, key));
      signed = next;
    },
    reload: load,
  };
}

/**
 * Makes the state of a witness that has never signed.
 *
 * @throws StateError when there is one already.
 */
export async function beginState(directory: StateDirectory, key: WitnessKey): Promise<void> {
  if ((await directory.read()) !== undefined) {
    throw new StateError('it has begun before: start it without ‘begin’.');
  }
  await directory.write(writeState(new Map(), key));
}

function writeState(signed: ReadonlyMap<string, Signed>, key: WitnessKey): string {
  const notes = [...signed.values()].map(({ note }) => note);
  return JSON.stringify({ format: FORMAT, witness: key.text, signed: notes });
}

function readState(text: string, key: WitnessKey): Map<string, Signed> {
  const file = readFile(text);
  if (!file) throw new StateError('its state is not of the form that it writes.');
  if (file.witness !== key.text) throw new StateError('its state is that of another key or name.');
  const entries = file.signed.map((note) => {
    const signed = readSigned(note, key);
    if (!signed) throw new StateError('its state holds what it has not signed.');
    return [signed.checkpoint.origin, signed] as const;
  });
  return new Map(entries);
}

function readFile(text: string): z.infer<typeof File> | undefined {
  try {
    return File.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A checkpoint under which this very key has signed. */
export function readSigned(note: string, key: WitnessKey): Signed | undefined {
  const parsed = parseNote(note);
  const checkpoint = parsed && parseCheckpoint(parsed.text);
  const own = parsed && key.findCosignature(parsed);
  if (!checkpoint || own?.state !== 'signed') return undefined;
  return { checkpoint, atSeconds: own.atSeconds, note };
}
