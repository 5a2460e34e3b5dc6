import { decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import { refusal } from '../ceremony.ts';
import type { AssertionCeremony, RegistrationCeremony } from '../ceremony.ts';
import { base64urlToBytes } from '@proofline/kernel';

const ES256 = -7;
const EDDSA = -8;
const RS256 = -257;

/** COSE algorithms that a credential may have, best first: ES256, EdDSA, RS256. */
export const allowedAlgorithms: readonly number[] = [ES256, EDDSA, RS256];

// COSE_Key labels and values (RFC 9053 §7.1, RFC 8230 §4).
const KTY = 1;
const ALG = 3;
const CURVE = -1;
const MODULUS = -1;
const RSA_MODULUS_MIN_BYTES = 256;

/** The new key is of an allowed algorithm, and of the curve or size that goes with it (WebAuthn L3 §5.8.5). */
export function checkRegisteredAlgorithm({ attestation }: RegistrationCeremony) {
  const algorithm = readAlgorithm(attestation.attested.publicKey);
  if (algorithm !== undefined) return undefined;
  return refusal('algorithm-not-allowed', 'not ES256 on P-256, EdDSA on Ed25519, or RS256');
}

/** The kept key still is what it was registered as, and still allowed. */
export function checkStoredAlgorithm({ stored }: AssertionCeremony) {
  const publicKey = base64urlToBytes(stored.publicKey);
  const algorithm = publicKey && readAlgorithm(publicKey);
  if (algorithm !== undefined && algorithm === stored.algorithm) return undefined;
  return refusal('algorithm-not-allowed', 'the record and its key disagree');
}

/** The COSE algorithm of a COSE_Key, when it is an allowed one and the key fits it. */
export function readAlgorithm(publicKey: Uint8Array<ArrayBuffer>): number | undefined {
  const key = decode(publicKey);
  if (key === undefined) return undefined;
  const algorithm = key.get(ALG);
  const kty = key.get(KTY);
  const modulus = key.get(MODULUS);
  if (algorithm === ES256 && kty === 2 && key.get(CURVE) === 1) return ES256;
  if (algorithm === EDDSA && kty === 1 && key.get(CURVE) === 6) return EDDSA;
  if (algorithm !== RS256 || kty !== 3 || !(modulus instanceof Uint8Array)) return undefined;
  return modulus.length >= RSA_MODULUS_MIN_BYTES ? RS256 : undefined;
}

function decode(publicKey: Uint8Array<ArrayBuffer>): Map<unknown, unknown> | undefined {
  try {
    const key: unknown = decodeCredentialPublicKey(publicKey);
    return key instanceof Map ? key : undefined;
  } catch {
    return undefined;
  }
}
