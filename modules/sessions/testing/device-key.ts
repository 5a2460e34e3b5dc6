import { CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose';
import { systemRandom, type Id } from '@proofline/kernel';
import { makeChallenge, type Purpose } from '../dbsc/challenge.ts';
import { refreshPath, registrationPath, type Algorithm } from '../dbsc/names.ts';
import type { Browser, Exchange } from './browser.ts';
import { cookieKey, staffOrigin } from './world.ts';

/** What a browser does by itself that binds a session: here by hand, honest or not. */
export interface DeviceKeyHolder {
  readonly publicJwk: JWK;
  /** A proof as Chromium writes it, with whatever is to be otherwise. */
  prove(
    jti: string,
    wish?: { readonly header?: object; readonly payload?: object },
  ): Promise<string>;
  register(browser: Browser, challenge: string): Promise<Exchange>;
  /** Without a challenge: asks for one. */
  refresh(browser: Browser, of: { sessionId: string; challenge?: string }): Promise<Exchange>;
}

/** A key pair of a device. */
export async function holdDeviceKey(alg: Algorithm = 'ES256'): Promise<DeviceKeyHolder> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const prove: DeviceKeyHolder['prove'] = (jti, { header, payload } = {}) =>
    new CompactSign(Buffer.from(JSON.stringify({ jti, ...payload })))
      .setProtectedHeader({ alg, typ: 'dbsc+jwt', ...header })
      .sign(privateKey);
  return {
    publicJwk,
    prove,
    async register(browser, challenge) {
      const proof = await prove(challenge, { header: { jwk: publicJwk } });
      return callDbsc(browser, registrationPath, { 'secure-session-response': proof });
    },
    async refresh(browser, { sessionId, challenge }) {
      return callDbsc(browser, refreshPath, {
        'sec-secure-session-id': `"${sessionId}"`,
        ...(challenge === undefined ? {} : { 'secure-session-response': await prove(challenge) }),
      });
    },
  };
}

/** A request as the browser itself sends it. */
export function callDbsc(
  browser: Browser,
  path: string,
  headers: Record<string, string>,
): Promise<Exchange> {
  return browser.go(staffOrigin + path, { method: 'POST', headers });
}

/** What the server would have asked the browser to sign. */
export function challengeFor(
  sessionId: Id<'ses'>,
  purpose: Purpose = 'register',
  expiresAtMs: number = Date.now() + 60_000,
): string {
  const ports = { keys: [cookieKey], random: systemRandom };
  return makeChallenge(ports, { purpose, sessionId, expiresAtMs });
}

/** The challenge that an answer brings. */
export function challengeIn({ headers }: Exchange): string {
  const text = String(headers['secure-session-challenge']);
  return /^"([^"]+)";id="ses_\w+"$/.exec(text)?.[1] ?? '';
}
