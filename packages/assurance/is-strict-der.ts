const SEQUENCE = 0x30;
const INTEGER = 0x02;
const P256_BYTES = 32;

/**
 * Whether an ECDSA signature on P-256 is written in the one form that DER knows (X.690 §8.3, RFC 3279
 * §2.2.3). The library takes bytes behind it and integers that are longer than they need to be: one
 * answer would have many spellings, and none of them would be the evidence.
 */
export function isStrictDer(signature: Uint8Array): boolean {
  if (signature.length < 8 || signature[0] !== SEQUENCE) return false;
  if (signature[1] !== signature.length - 2) return false;
  const r = integerEnd(signature, 2);
  return r !== undefined && integerEnd(signature, r) === signature.length;
}

/** Where the integer that begins here ends; `undefined` when it is not positive, or not the shortest. */
function integerEnd(bytes: Uint8Array, start: number): number | undefined {
  const length = bytes[start + 1] ?? 0;
  const [first = 0, second = 0] = bytes.subarray(start + 2, start + 4);
  if (bytes[start] !== INTEGER || length === 0 || length > P256_BYTES + 1) return undefined;
  if (first >= 0x80 || (first === 0 && (length === 1 || second < 0x80))) return undefined;
  return start + 2 + length;
}
