const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Twelve bits at once: the spelling of what is signed and hashed is much of what evidence costs. */
const PAIRS = Array.from(
  { length: 4_096 },
  (_, word) => ALPHABET[word >> 6]! + ALPHABET[word & 63]!,
);
const NONE = 255;
/** By character code; {@link NONE} for what is not of the alphabet. */
const VALUES = new Uint8Array(128).fill(NONE);
for (let value = 0; value < ALPHABET.length; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

/** Bytes → base64url without padding (RFC 4648 §5). */
export function bytesToBase64url(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  for (let index = 0; index < whole; index += 3) {
    const word = (bytes[index]! << 16) | (bytes[index + 1]! << 8) | bytes[index + 2]!;
    text += PAIRS[word >> 12]! + PAIRS[word & 4_095]!;
  }
  const left = bytes.length - whole;
  if (left === 1) return text + PAIRS[bytes[whole]! << 4]!;
  if (left === 0) return text;
  const word = (bytes[whole]! << 10) | (bytes[whole + 1]! << 2);
  return text + PAIRS[word >> 6]! + ALPHABET[word & 63]!;
}

/**
 * base64url without padding → bytes.
 *
 * Returns `undefined` for padding, foreign characters, an impossible length, or non-zero trailing
 * bits: two texts must never mean the same bytes, or a signed value could be respelled.
 */
export function base64urlToBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let buffer = 0;
  let bits = 0;
  let offset = 0;
  for (let index = 0; index < text.length; index += 1) {
    const value = VALUES[text.charCodeAt(index)] ?? NONE;
    if (value === NONE) return undefined;
    buffer = ((buffer << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[offset] = (buffer >> bits) & 0xff;
    offset += 1;
  }
  return (buffer & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

/** Bytes → lower-case hex. */
export function bytesToHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Lower-case hex → bytes; `undefined` when the text is not lower-case hex of whole bytes. */
export function hexToBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}
