import { sign, verify as verifySignature } from 'node:crypto';
import { keyPairOf } from './ed25519-seed.ts';
import { ed25519Key, namedKey, parseNamedKey, type NamedKey } from './named-key.ts';
import { signaturesBy, type NoteSignature, type SignedNote } from './signed-note.ts';

/** What a witness's key says of a note (C2SP tlog-cosignature 1.0.1, Ed25519). */
export type Cosigned =
  /** It signed, at this POSIX time in seconds: the newest, where it signed more than once. */
  | { readonly state: 'signed'; readonly atSeconds: number }
  | { readonly state: 'absent' }
  /** A line names the key and does not verify: somebody wrote it who does not hold the key. */
  | { readonly state: 'refused' };

/** A key that checks a witness's cosignatures: `name+hash+key` of type 0x04. It checks no plain note. */
export interface WitnessKey extends NamedKey {
  findCosignature(note: SignedNote): Cosigned;
}

/** A witness's private key in use. */
export interface WitnessSigner {
  readonly key: WitnessKey;
  /**
   * States that, as of this POSIX time in seconds, this is the largest consistent tree of the log that
   * the witness has seen.
   */
  cosign(noteText: string, atSeconds: number): NoteSignature;
}

const TIME_BYTES = 8;
const ED25519_BYTES = 64;

/** Reads `name+hash+key`; `undefined` when it is malformed, or is not for cosignatures. */
export function parseWitnessKey(text: string): WitnessKey | undefined {
  const parsed = parseNamedKey('cosignature', text);
  return parsed && witnessKey(parsed.name, parsed.publicKey);
}

/**
 * The key of a witness of this name.
 *
 * @throws RangeError for a name that C2SP does not allow, or a key that is not 32 bytes.
 */
export function witnessKey(name: string, publicKey: Uint8Array): WitnessKey {
  const named = namedKey('cosignature', name, publicKey);
  const key = ed25519Key(publicKey);
  const timeOf = (text: string, signature: Uint8Array): number | undefined => {
    if (signature.length !== TIME_BYTES + ED25519_BYTES) return undefined;
    const atSeconds = readTime(signature);
    if (atSeconds === undefined) return undefined;
    const signed = signature.subarray(TIME_BYTES);
    return verifySignature(null, cosignedMessage(text, atSeconds), key, signed)
      ? atSeconds
      : undefined;
  };
  return {
    ...named,
    findCosignature(note) {
      const times = signaturesBy(note, named).map(({ signature }) => timeOf(note.text, signature));
      if (times.length === 0) return { state: 'absent' };
      const known = times.filter((time) => time !== undefined);
      if (known.length < times.length) return { state: 'refused' };
      return { state: 'signed', atSeconds: Math.max(...known) };
    },
  };
}

/**
 * A witness's signer from its name and the 32-byte seed of its Ed25519 key. The message does not hold
 * the name: no two witnesses, and no log, may share a key.
 *
 * @throws RangeError when the seed has another length or the name cannot name a key.
 */
export function witnessSigner(name: string, seed: Uint8Array): WitnessSigner {
  const { privateKey, publicKey } = keyPairOf(seed);
  const key = witnessKey(name, publicKey);
  return {
    key,
    cosign(noteText, atSeconds) {
      if (!Number.isSafeInteger(atSeconds) || atSeconds < 0) {
        throw new RangeError('a cosignature’s time is whole seconds since 1970');
      }
      const signature = sign(null, cosignedMessage(noteText, atSeconds), privateKey);
      return {
        name,
        keyId: key.keyId,
        signature: Buffer.concat([writeTime(atSeconds), signature]),
      };
    },
  };
}

/** Two lines before the whole text of the checkpoint, extension lines and final newline included. */
function cosignedMessage(noteText: string, atSeconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${atSeconds}\n${noteText}`);
}

function writeTime(atSeconds: number): Buffer {
  const bytes = Buffer.alloc(TIME_BYTES);
  bytes.writeBigUInt64BE(BigInt(atSeconds));
  return bytes;
}

/** `undefined`: a time that no number holds exactly, some 285 million years from now. */
function readTime(signature: Uint8Array): number | undefined {
  const view = new DataView(signature.buffer, signature.byteOffset, TIME_BYTES);
  const time = Number(view.getBigUint64(0));
  return Number.isSafeInteger(time) ? time : undefined;
}
