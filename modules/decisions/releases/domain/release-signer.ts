import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { base64urlToBytes, bytesToBase64url, canonicalJson } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';

/** What the signature of a release says: this set, with these cases, stands here, after that one. */
export interface ReleaseStatement {
  readonly tenant: string;
  readonly sequence: number;
  readonly digest: string;
  readonly casesDigest: string;
  /** Absent for the first signed release of a tenant. */
  readonly previousDigest: string | null;
}

/** A signature with the name of its key. */
export interface ReleaseSignature {
  readonly keyId: string;
  readonly signature: string;
}

/** The keys that releases are signed and checked with. */
export interface ReleaseSigner {
  sign(statement: ReleaseStatement): ReleaseSignature;
  verifies(statement: ReleaseStatement, signed: ReleaseSignature): boolean;
}

// RFC 8410 §7: an Ed25519 private key in PKCS #8 is this prefix and the 32 bytes of the seed.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * A signer from 32-byte seeds (RFC 8032 §5.1.5), newest first: the first one signs, the others are
 * still believed, so that a key can be changed.
 *
 * @throws RangeError when there is no seed, or one of another length
 */
export function createReleaseSigner(seeds: readonly Uint8Array[]): ReleaseSigner {
  const keys = seeds.map(keyOf);
  const [newest] = keys;
  if (newest === undefined) throw new RangeError('there is no seed to sign policy releases with');
  return {
    sign: (statement) => ({
      keyId: newest.id,
      signature: bytesToBase64url(sign(null, textOf(statement), newest.privateKey)),
    }),
    verifies(statement, { keyId, signature }) {
      const key = keys.find(({ id }) => id === keyId);
      const bytes = base64urlToBytes(signature);
      return key !== undefined && bytes !== undefined && verifyWith(key, statement, bytes);
    },
  };
}

interface Key {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

function keyOf(seed: Uint8Array): Key {
  if (seed.length !== 32) throw new RangeError('the seed of a policy key has 32 bytes');
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey);
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { id: sha256Base64url(x).slice(0, 11), privateKey, publicKey };
}

function verifyWith({ publicKey }: Key, statement: ReleaseStatement, bytes: Uint8Array): boolean {
  return verify(null, textOf(statement), publicKey, bytes);
}

/** The first line keeps the signature from ever being taken for one of something else. */
function textOf(statement: ReleaseStatement): Buffer {
  return Buffer.from(`proofline policy release v1\n${canonicalJson({ ...statement })}`);
}
