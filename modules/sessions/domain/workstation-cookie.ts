import { createHmac, timingSafeEqual } from 'node:crypto';
import { SignInMode } from '@proofline/protocol';

/**
 * What a security administrator or a lead left in the browser of a machine that colleagues share
 * (ADR 0016). It says how people sign in there, and nothing about anybody.
 */
export const workstationCookieName = '__Host-workstation';

const macOf = (key: string, mode: SignInMode): Buffer =>
  createHmac('sha256', key).update(`workstation:${mode}`).digest();

/** The cookie's value for a mode. */
export function workstationCookie(keys: readonly string[], mode: SignInMode): string {
  const [newest] = keys;
  if (newest === undefined) throw new Error('there is no cookie key');
  return `${mode}.${macOf(newest, mode).toString('base64url')}`;
}

/**
 * The mode that a browser's cookie says: none, if it has none; of one that we did not write, or that
 * stands there twice, the strictest (P7).
 */
export function workstationMode(
  keys: readonly string[],
  values: readonly string[],
): SignInMode | undefined {
  const [value, ...more] = values;
  if (value === undefined) return undefined;
  if (more.length > 0) return 'kiosk';
  const [text = '', mac = ''] = value.split('.', 2);
  const mode = SignInMode.safeParse(text).data;
  if (mode === undefined) return 'kiosk';
  const given = Buffer.from(mac, 'base64url');
  const isOurs = keys.some((key) => {
    const expected = macOf(key, mode);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isOurs ? mode : 'kiosk';
}
