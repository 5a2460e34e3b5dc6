import { createHmac, timingSafeEqual } from 'node:crypto';
import { cookieValues } from '@proofline/kernel';

/**
 * The cookie that ties a sign-in page to the browser in which it began. oidc-provider's own cookie can
 * be planted from a sibling subdomain, with its signature; one named `__Host-` cannot
 * (RFC 6265bis §4.1.3.2), so the value need only be ours and of this page.
 */
export const signInCookieName = (uid: string): string => `__Host-signin-${uid}`;

const macOf = (key: string, uid: string): Buffer =>
  createHmac('sha256', key).update(`signin:${uid}`).digest();

/** A `Set-Cookie` line; `Secure` holds on `http://*.localhost` too, which browsers trust. */
export function signInCookieLine(
  keys: readonly string[],
  uid: string,
  maxAgeSeconds: number,
): string {
  const [newest] = keys;
  if (newest === undefined) throw new Error('there is no cookie key');
  const value = macOf(newest, uid).toString('base64url');
  return `${signInCookieName(uid)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; Secure; HttpOnly; SameSite=Lax`;
}

/** Whether a `Cookie` header holds the cookie of this page. */
export function hasSignInCookie(
  keys: readonly string[],
  uid: string,
  header: string | undefined,
): boolean {
  const given = cookieValues(header, signInCookieName(uid)).map((value) =>
    Buffer.from(value, 'base64url'),
  );
  return keys.some((key) => {
    const expected = macOf(key, uid);
    return given.some((mac) => mac.length === expected.length && timingSafeEqual(mac, expected));
  });
}
