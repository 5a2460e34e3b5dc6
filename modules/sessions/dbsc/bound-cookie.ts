import { createHmac, timingSafeEqual } from 'node:crypto';
import { cookieValues, type Id } from '@proofline/kernel';
import { boundCookieAttributes, boundCookieName } from './names.ts';

const macOf = (key: string, said: string): Buffer =>
  createHmac('sha256', key).update(`dbsc-cookie:${said}`).digest();

/** A `Set-Cookie` line: this browser has proved the device’s key of this session just now. */
export function boundCookieLine(
  keys: readonly string[],
  of: { readonly sessionId: Id<'ses'>; readonly nowMs: number; readonly seconds: number },
): string {
  const [newest] = keys;
  if (newest === undefined) throw new Error('there is no cookie key');
  const expires = Math.floor(of.nowMs / 1000) + of.seconds;
  const mac = macOf(newest, `${of.sessionId}.${expires}`).toString('base64url');
  return `${boundCookieName}=${expires}.${mac}; Max-Age=${of.seconds}; ${boundCookieAttributes}`;
}

/** Whether a `Cookie` header holds the bound cookie of this session, in its time. */
export function hasBoundCookie(
  keys: readonly string[],
  header: string | undefined,
  of: { readonly sessionId: Id<'ses'>; readonly nowMs: number },
): boolean {
  return cookieValues(header, boundCookieName).some((value) => {
    const [, expires = '', mac = ''] = /^(\d{1,12})\.([\w-]{43})$/.exec(value) ?? [];
    if (Number(expires) * 1000 <= of.nowMs) return false;
    const given = Buffer.from(mac, 'base64url');
    return keys.some((key) => {
      const expected = macOf(key, `${of.sessionId}.${expires}`);
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
  });
}
