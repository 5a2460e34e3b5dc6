import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { base64urlToBytes } from '@proofline/kernel';
import { writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { writeNote } from './signed-note.ts';
import { verifierKey, type VerifierKey } from './verifier-key.ts';

/** A log's private key in use. Whoever holds it can sign another history: keep it off the database. */
export interface LogSigner {
  readonly key: VerifierKey;
  /** The signed note of a checkpoint of this log. */
  signCheckpoint(state: Omit<Checkpoint, 'origin'>): string;
}

// RFC 8410 §7: an Ed25519 private key in PKCS #8 is this prefix and the 32 bytes of the seed.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * A signer from the log's origin and the 32-byte seed of its Ed25519 key (RFC 8032 §5.1.5).
 *
 * @throws RangeError when the seed has another length or the origin cannot name a key.
 */
export function logSigner(origin: string, seed: Uint8Array): LogSigner {
  if (seed.length !== 32) throw new RangeError('the seed of a log key has 32 bytes');
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = base64urlToBytes(x ?? '');
  if (!publicKey) throw new RangeError('the seed gives no Ed25519 key');
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
