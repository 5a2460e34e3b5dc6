import { bytesToBase64url } from '@proofline/kernel';

/** SHA-256 of a text as base64url, by WebCrypto, so that browsers can load this too. */
export async function digestBase64url(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return bytesToBase64url(new Uint8Array(digest));
}
