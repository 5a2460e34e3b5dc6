/** Bytes → standard base64 with padding (RFC 4648 §4), as C2SP notes write it. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

/**
 * Standard base64 with padding → bytes; `undefined` for any other spelling of the same bytes, so
 * that a signed text cannot be respelled.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
}
