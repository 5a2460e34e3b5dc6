import { base64urlToBytes } from '@proofline/kernel';

/**
 * The bytes of a key among the settings, which have been checked to be base64url.
 *
 * @throws Error when they are not.
 */
export function keyOf(text: string): Uint8Array {
  const bytes = base64urlToBytes(text);
  if (bytes === undefined) throw new Error('a key is not base64url');
  return bytes;
}
