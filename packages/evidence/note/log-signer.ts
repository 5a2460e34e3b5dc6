import { sign } from 'node:crypto';
import { writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { keyPairOf } from './ed25519-seed.ts';
import { writeNote } from './signed-note.ts';
import { verifierKey, type VerifierKey } from './verifier-key.ts';

/** A log's private key in use. Whoever holds it can sign another history: keep it off the database. */
export interface LogSigner {
  readonly key: VerifierKey;
  /** The signed note of a checkpoint of this log. */
  signCheckpoint(state: Omit<Checkpoint, 'origin'>): string;
}

/**
 * A signer from the log's origin and the 32-byte seed of its Ed25519 key (RFC 8032 §5.1.5).
 *
 * @throws RangeError when the seed has another length or the origin cannot name a key.
 */
export function logSigner(origin: string, seed: Uint8Array): LogSigner {
  const { privateKey, publicKey } = keyPairOf(seed);
  const key = verifierKey(origin, publicKey);
  return {
    key,
    signCheckpoint: (state) => {
      const text = writeCheckpoint({ origin, ...state });
      const signature = sign(null, Buffer.from(text), privateKey);
      return writeNote({ text, signatures: [{ name: origin, keyId: key.keyId, signature }] });
    },
  };
}
