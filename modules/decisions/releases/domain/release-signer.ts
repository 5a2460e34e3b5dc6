import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import {
  base64urlToBytes,
  bytesToBase64url,
  canonicalJson,
  type JsonObject,
} from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';

/** What the signature of a release says: this set, with these cases, stands here, after that one. */
export interface ReleaseStatement {
  readonly tenant: string;
  readonly sequence: number;
  readonly digest: string;
  readonly casesDigest: string;
  /** Absent for the first signed release of a tenant. */
  readonly previousDigest: string | null;
  /** Numbers of the releases that it came from, oldest first. Absent in rows from before there was one. */
  readonly line?: readonly number[];
  /** Whether its own invariants were proved when it became live. Absent where `line` is. */
  readonly proved?: boolean;
}

/** What the signature of a candidate says: this set was proposed by them, on top of that release. */
export interface CandidateStatement {
  readonly tenant: string;
  readonly candidateId: string;
  readonly digest: string;
  readonly casesDigest: string;
  readonly baseSequence: number;
  readonly proposedBy: string;
  readonly evidenceId: string;
}

/** What the signature of a vouching says: this person answers for what a program proposed. */
export interface VouchStatement {
  readonly tenant: string;
  readonly candidateId: string;
  readonly digest: string;
  readonly casesDigest: string;
  readonly vouchedBy: string;
  readonly evidenceId: string;
}

/** What the signature of a stage says: this set is in force for these people until then. */
export interface StageStatement {
  readonly tenant: string;
  readonly stageId: string;
  /** Which setting of its audience this is. */
  readonly revision: number;
  readonly candidateId: string;
  readonly digest: string;
  readonly baseSequence: number;
  readonly desks: readonly string[];
  readonly percent: number;
  /** ISO 8601. */
  readonly until: string;
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
  signCandidate(statement: CandidateStatement): ReleaseSignature;
  verifiesCandidate(statement: CandidateStatement, signed: ReleaseSignature): boolean;
  signVouch(statement: VouchStatement): ReleaseSignature;
  verifiesVouch(statement: VouchStatement, signed: ReleaseSignature): boolean;
  signStage(statement: StageStatement): ReleaseSignature;
  verifiesStage(statement: StageStatement, signed: ReleaseSignature): boolean;
  /**
   * Where somebody stands in every stage on top of a release, 0 to 99: the same on every node, whatever
   * is staged and however often. Whoever proposes or stages has no hand in it, since only another
   * release draws anew. Without the key nobody can work it out, nor find an id that falls where they want.
   */
  bucketOf(liveDigest: string, subjectId: string): number;
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
  // A new key is put in front: the last one stays longest, so nobody changes sides when keys do.
  const oldest = keys.at(-1);
  if (newest === undefined || oldest === undefined) {
    throw new RangeError('there is no seed to sign policy releases with');
  }
  const signText = (text: Buffer): ReleaseSignature => ({
    keyId: newest.id,
    signature: bytesToBase64url(sign(null, text, newest.privateKey)),
  });
  const verifies = (text: Buffer, { keyId, signature }: ReleaseSignature): boolean => {
    const key = keys.find(({ id }) => id === keyId);
    const bytes = base64urlToBytes(signature);
    return key !== undefined && bytes !== undefined && verify(null, text, key.publicKey, bytes);
  };
  return {
    sign: (statement) => signText(releaseText(statement)),
    verifies: (statement, signed) => verifies(releaseText(statement), signed),
    signCandidate: (statement) => signText(textOf('candidate', { ...statement })),
    verifiesCandidate: (statement, signed) =>
      verifies(textOf('candidate', { ...statement }), signed),
    signVouch: (statement) => signText(textOf('vouch', { ...statement })),
    verifiesVouch: (statement, signed) => verifies(textOf('vouch', { ...statement }), signed),
    signStage: (statement) => signText(stageText(statement)),
    verifiesStage: (statement, signed) => verifies(stageText(statement), signed),
    bucketOf(liveDigest, subjectId) {
      const hash = createHmac('sha256', oldest.bucketKey)
        .update(`${liveDigest}\n${subjectId}`)
        .digest();
      // 48 bits over 100: no bucket is larger than another by more than one in 10^12.
      return hash.readUIntBE(0, 6) % 100;
    },
  };
}

interface Key {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly bucketKey: Uint8Array;
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
  // RFC 5869, with a purpose of its own: what signs is not used for anything else.
  const derived = hkdfSync('sha256', seed, '', 'proofline policy stage buckets v1', 32);
  const id = sha256Base64url(x).slice(0, 11);
  return { id, privateKey, publicKey, bucketKey: new Uint8Array(derived) };
}

const releaseText = ({ line, ...statement }: ReleaseStatement) =>
  textOf('release', { ...statement, ...(line !== undefined && { line: [...line] }) });
const stageText = (statement: StageStatement) =>
  textOf('stage', { ...statement, desks: [...statement.desks] });

/** The first line keeps the signature from ever being taken for one of something else. */
function textOf(what: 'release' | 'candidate' | 'vouch' | 'stage', statement: JsonObject): Buffer {
  return Buffer.from(`proofline policy ${what} v1\n${canonicalJson(statement)}`);
}
