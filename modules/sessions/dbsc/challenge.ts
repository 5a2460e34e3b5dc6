import { createHmac, timingSafeEqual } from 'node:crypto';
import { bytesToBase64url, isId, type Id, type Random } from '@proofline/kernel';

/** What a challenge was given out for. */
export type Purpose = 'register' | 'refresh';

/** What a genuine challenge says. */
export interface Challenge {
  readonly text: string;
  readonly purpose: Purpose;
  readonly sessionId: Id<'ses'>;
  readonly expiresAtMs: number;
}

const macOf = (key: string, said: string): Buffer =>
  createHmac('sha256', key).update(`dbsc-challenge:${said}`).digest();

/**
 * A challenge for one session and one purpose. It is signed and not stored, so that whoever asks for
 * many writes nothing; what makes it good for once is that its use is remembered.
 */
export function makeChallenge(
  { keys, random }: { readonly keys: readonly string[]; readonly random: Random },
  given: Omit<Challenge, 'text'>,
): string {
  const [newest] = keys;
  if (newest === undefined) throw new Error('there is no cookie key');
  const nonce = bytesToBase64url(random.bytes(16));
  const expires = Math.floor(given.expiresAtMs / 1000);
  const said = `${given.purpose}.${given.sessionId}.${expires}.${nonce}`;
  return `${said}.${macOf(newest, said).toString('base64url')}`;
}

/** What a challenge says, if it is one of ours; whether its time is over is the caller’s to see. */
export function openChallenge(keys: readonly string[], text: unknown): Challenge | undefined {
  if (typeof text !== 'string' || text.length > 300) return undefined;
  const [purpose, sessionId, expires = '', nonce = '', mac = '', more] = text.split('.');
  if (purpose !== 'register' && purpose !== 'refresh') return undefined;
  if (!isId('ses', sessionId) || !/^\d{1,12}$/.test(expires) || more !== undefined)
    return undefined;
  const given = Buffer.from(mac, 'base64url');
  const isOurs = keys.some((key) => {
    const expected = macOf(key, `${purpose}.${sessionId}.${expires}.${nonce}`);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isOurs ? { text, purpose, sessionId, expiresAtMs: Number(expires) * 1000 } : undefined;
}
