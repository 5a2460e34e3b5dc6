import { decodePartialCBOR } from '@levischuck/tiny-cbor';
import { base64urlToBytes } from '@proofline/kernel';
import { isStrictDer } from './is-strict-der.ts';
import {
  readAuthenticatorData,
  type AttestedCredential,
  type AuthenticatorData,
} from './read-authenticator-data.ts';

/** An attestation object (WebAuthn L3 §6.5.4), read but not believed. */
export interface Attestation {
  readonly format: string;
  /** How many members the statement has: `none` must have no member. */
  readonly statementSize: number;
  /** The algorithm that the statement names. */
  readonly statementAlgorithm: number | undefined;
  /** DER certificates, leaf first; empty for `none` and self-attestation. */
  readonly certificates: readonly Uint8Array[];
  readonly authenticatorData: AuthenticatorData;
  readonly attested: AttestedCredential;
}

// A chain has a leaf, one or two intermediates and perhaps its root; more is somebody at play.
const CERTIFICATES_MAX = 5;
const ES256 = -7;

/** Reads an attestation object; `undefined` when it is malformed. */
export function readAttestation(base64url: string): Attestation | undefined {
  const bytes = base64urlToBytes(base64url);
  if (bytes === undefined) return undefined;
  try {
    const [decoded, length] = decodePartialCBOR(bytes, 0);
    // Bytes behind the object belong to nobody; the library would not see them.
    if (length !== bytes.length || !(decoded instanceof Map)) return undefined;
    const format: unknown = decoded.get('fmt');
    const statement: unknown = decoded.get('attStmt');
    const data: unknown = decoded.get('authData');
    if (typeof format !== 'string' || !(statement instanceof Map)) return undefined;
    if (!(data instanceof Uint8Array)) return undefined;
    const authenticatorData = readAuthenticatorData(new Uint8Array(data));
    const certificates = readCertificates(statement.get('x5c'));
    if (authenticatorData?.attested === undefined || certificates === undefined) return undefined;
    const algorithm: unknown = statement.get('alg');
    if (!isSpelledOnce(algorithm, statement.get('sig'))) return undefined;
    return {
      format,
      statementSize: statement.size,
      statementAlgorithm: typeof algorithm === 'number' ? algorithm : undefined,
      certificates,
      authenticatorData,
      attested: authenticatorData.attested,
    };
  } catch {
    return undefined;
  }
}

/** One statement has one spelling, also where the library would read a looser one. */
function isSpelledOnce(algorithm: unknown, signature: unknown): boolean {
  if (algorithm !== ES256 || signature === undefined) return true;
  return signature instanceof Uint8Array && isStrictDer(new Uint8Array(signature));
}

function readCertificates(x5c: unknown): readonly Uint8Array[] | undefined {
  if (x5c === undefined) return [];
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > CERTIFICATES_MAX) return undefined;
  const certificates = x5c.filter((item): item is Uint8Array => item instanceof Uint8Array);
  return certificates.length === x5c.length ? certificates : undefined;
}
