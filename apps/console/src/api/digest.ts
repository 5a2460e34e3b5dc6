import { bytesToBase64url } from '@proofline/kernel';

/** SHA-256 of a text's UTF-8 bytes as base64url. */
export async function digestBase64url(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return bytesToBase64url(new Uint8Array(digest));
}

/** HMAC-SHA-256 over a text as base64url: 43 characters, the shortest PKCE verifier there is. */
export async function deriveBase64url(key: CryptoKey, text: string): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text));
  return bytesToBase64url(new Uint8Array(mac));
}
