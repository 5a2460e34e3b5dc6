import { verify as verifySignature } from 'node:crypto';
import { base64urlToBytes, canonicalJson, type Json } from '@proofline/kernel';
import { sha256, sha256Base64url } from '@proofline/kernel/node';
import { isTooDeep } from '../nesting.ts';
import { sameHash } from '../tree/hash.ts';
import { parseCoseKey } from './cose-key.ts';

/** A WebAuthn assertion with all that is needed to verify it again: the field `assertion`. */
export interface StoredAssertion {
  /** Canonical JSON of what was shown and signed; its SHA-256 is the challenge. */
  readonly context: string;
  /** The rest in base64url, as WebAuthn Level 3 §5.1 names it. */
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  /** COSE_Key. */
  readonly publicKey: string;
  readonly credentialId: string;
  readonly rpId: string;
  readonly origin: string;
}

const MEMBERS = [
  'authenticatorData',
  'clientDataJSON',
  'context',
  'credentialId',
  'origin',
  'publicKey',
  'rpId',
  'signature',
];
const UP = 0x01;
const UV = 0x04;
const AUTHENTICATOR_DATA_MIN_BYTES = 37;

/** The field `assertion` when it is one; `undefined` otherwise. */
export function readAssertion(value: Json): StoredAssertion | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (Object.keys(value).sort().join() !== MEMBERS.join()) return undefined;
  if (!Object.values(value).every((member) => typeof member === 'string')) return undefined;
  // Exactly these members, all of them texts.
  return value as unknown as StoredAssertion;
}

/**
 * Verifies a stored assertion from its bytes alone (WebAuthn Level 3 §7.2): challenge, type,
 * origin, RP ID, user present and verified, signature. Answers what is wrong, or `undefined`.
 */
export function findAssertionFault(stored: StoredAssertion): string | undefined {
  const clientData = base64urlToBytes(stored.clientDataJSON);
  const authenticatorData = base64urlToBytes(stored.authenticatorData);
  const signature = base64urlToBytes(stored.signature);
  const keyBytes = base64urlToBytes(stored.publicKey);
  if (!clientData || !authenticatorData || !signature || !keyBytes) return 'it is not base64url';
  if (isTooDeep(stored.context)) return 'its context is nested too deep';
  if (!isCanonical(stored.context)) return 'its context is not canonical JSON';
  return (
    findClientDataFault(clientData, stored) ??
    findAuthenticatorDataFault(authenticatorData, stored.rpId) ??
    findSignatureFault({ clientData, authenticatorData, signature, keyBytes })
  );
}

function findClientDataFault(bytes: Uint8Array, stored: StoredAssertion): string | undefined {
  const data = parseObject(Buffer.from(bytes).toString());
  if (!data) return 'its client data is not JSON';
  if (data['type'] !== 'webauthn.get') return 'its client data is not of an assertion';
  if (data['challenge'] !== sha256Base64url(stored.context)) {
    return 'its challenge is not the hash of its context';
  }
  if (data['origin'] !== stored.origin) return 'it was made on another origin';
  if (!belongsTo(stored.origin, stored.rpId))
    return 'its origin does not belong to its relying party';
  if (data['crossOrigin'] === true) return 'it was made in a frame of another origin';
  return undefined;
}

function findAuthenticatorDataFault(bytes: Uint8Array, rpId: string): string | undefined {
  if (bytes.length < AUTHENTICATOR_DATA_MIN_BYTES) return 'its authenticator data is too short';
  if (!sameHash(bytes.subarray(0, 32), sha256(rpId)))
    return 'it was made for another relying party';
  const flags = bytes[32]!;
  if ((flags & UP) === 0) return 'its flags do not say that the user was present';
  if ((flags & UV) === 0) return 'its flags do not say that the user was verified';
  return undefined;
}

function findSignatureFault(parts: {
  readonly clientData: Uint8Array;
  readonly authenticatorData: Uint8Array;
  readonly signature: Uint8Array;
  readonly keyBytes: Uint8Array;
}): string | undefined {
  const key = parseCoseKey(parts.keyBytes);
  if (!key) return 'its public key is not one of ES256, EdDSA or RS256';
  const message = Buffer.concat([parts.authenticatorData, sha256(parts.clientData)]);
  const digest = key.algorithm === -8 ? null : 'sha256';
  const good = verifySignature(digest, message, key.key, parts.signature);
  return good ? undefined : 'its signature is not by its public key';
}

/** Whether the origin's host is the RP ID or below it (WebAuthn Level 3 §5.1.4.1). */
function belongsTo(origin: string, rpId: string): boolean {
  if (!URL.canParse(origin) || rpId === '') return false;
  const { hostname } = new URL(origin);
  return hostname === rpId || hostname.endsWith(`.${rpId}`);
}

function isCanonical(text: string): boolean {
  const value = parseObject(text);
  if (!value) return false;
  try {
    // What JSON.parse answered is JSON.
    return canonicalJson(value as Record<string, Json>) === text;
  } catch {
    return false;
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    // Any object that JSON.parse answers is keyed by texts.
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
