import type { StoredCredential } from '@proofline/assurance';
import { bytesToBase64url, hexToBytes } from '@proofline/kernel';

// The generator point of P-256 (SEC 2 §2.4.2) as a COSE_Key: a valid key, and nobody's.
const x = '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296';
const y = '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5';
const coseKey = hexToBytes(`a5010203262001215820${x}225820${y}`) ?? new Uint8Array();

/**
 * A record to check an answer against when its credential is unknown, so that an unknown credential
 * takes as long to refuse as a bad signature. Whatever the verdict, it is never accepted.
 */
export function decoyCredential(credentialId: string, userHandle: string): StoredCredential {
  return {
    credentialId,
    userHandle,
    publicKey: bytesToBase64url(coseKey),
    algorithm: -7,
    counter: 0,
    backupEligible: false,
    backedUp: false,
    aaguid: '00000000-0000-0000-0000-000000000000',
    acr: 'phr',
    attestationFormat: 'none',
    attestationObject: '',
    transports: [],
  };
}
