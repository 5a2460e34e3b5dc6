import {
  base64urlToBytes,
  bytesToBase64url,
  canonicalJson,
  type Json,
  type Random,
} from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { isCanonicalText } from './canonical-text.ts';
import { isTooDeep } from './nesting.ts';

/** 128 bits, as RFC 9901 §9.3 asks: a digest must not be guessable from the value. */
const SALT_BYTES = 16;

/** A personal field apart from its entry: the entry holds the digest only (RFC 9901 §4.2). */
export interface Disclosure {
  /** base64url of the JSON array [salt, name, value]: what is kept, sealed, and handed out. */
  readonly text: string;
  /** base64url of SHA-256 of `text` in ASCII: what stands in the entry (RFC 9901 §4.2.3). */
  readonly digest: string;
}

/** What a disclosure says. */
export interface DisclosedField {
  readonly name: string;
  readonly value: Json;
  readonly digest: string;
}

/** Commits to a field under a fresh random salt, which lives in the disclosure alone. */
export function makeDisclosure(name: string, value: Json, random: Random): Disclosure {
  const salt = bytesToBase64url(random.bytes(SALT_BYTES));
  const text = Buffer.from(canonicalJson([salt, name, value])).toString('base64url');
  return { text, digest: sha256Base64url(text) };
}

/** Reads a disclosure strictly; `undefined` when it is malformed or not canonically spelled. */
export function openDisclosure(text: string): DisclosedField | undefined {
  const bytes = base64urlToBytes(text);
  if (!bytes) return undefined;
  const parts = parseCanonical(Buffer.from(bytes).toString());
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  // The parts of parsed JSON are JSON.
  const [salt, name, value] = parts as readonly Json[];
  if (typeof salt !== 'string' || base64urlToBytes(salt)?.length !== SALT_BYTES) return undefined;
  if (typeof name !== 'string' || value === undefined) return undefined;
  return { name, value, digest: sha256Base64url(text) };
}

function parseCanonical(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    // JSON.parse answers JSON.
    const value = JSON.parse(text) as Json;
    return isCanonicalText(text, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
