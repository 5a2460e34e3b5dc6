import { createHmac } from 'node:crypto';
import { newId, systemClock, systemRandom } from '@proofline/kernel';
import { exportJWK, generateKeyPair } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { challengeFor, holdDeviceKey, type DeviceKeyHolder } from '../testing/device-key.ts';
import { cookieKey, staffOrigin } from '../testing/world.ts';
import { boundCookieLine, hasBoundCookie } from './bound-cookie.ts';
import { makeChallenge } from './challenge.ts';
import type { DeviceKey } from './exchange.ts';
import { refreshPath } from './names.ts';
import { beginExchange, firstBroken, type Flow } from './table.ts';

const ports = { clock: systemClock, random: systemRandom };
const sessionId = newId('ses', ports);
const url = staffOrigin + refreshPath;
let device: DeviceKeyHolder;
let rsa: DeviceKeyHolder;
let thief: DeviceKeyHolder;

beforeAll(async () => {
  [device, rsa, thief] = await Promise.all([
    holdDeviceKey(),
    holdDeviceKey('RS256'),
    holdDeviceKey(),
  ]);
});

function check(flow: Flow, given: string, nowMs = Date.now()): Promise<string | undefined> {
  const bound: DeviceKey = { sessionId, alg: 'ES256', publicJwk: device.publicJwk };
  return firstBroken(
    flow,
    beginExchange({
      given,
      url,
      nowMs,
      keys: [cookieKey],
      bound: flow === 'refresh' ? bound : undefined,
    }),
  );
}

const fresh = () => challengeFor(sessionId, 'refresh');
const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('a proof that refreshes a bound session', () => {
  it('is taken as Chromium writes it, and as the draft does', async () => {
    const bare = await device.prove(fresh());
    expect(await check('refresh', bare)).toBeUndefined();
    const rich = await device.prove(fresh(), {
      payload: { aud: url, sub: sessionId, iat: 1, key: device.publicJwk },
    });
    expect(await check('refresh', `"${rich}"`)).toBeUndefined();
  });

  it.each<[string, string, () => Promise<string> | string]>([
    ['nothing at all', 'size', () => ''],
    [
      'one that is oversized',
      'size',
      () => device.prove(fresh(), { payload: { x: 'x'.repeat(9e3) } }),
    ],
    ['two in one header', 'well-formed', async () => `${await device.prove(fresh())}, x.y.z`],
    ['no JWT', 'well-formed', () => '"hello"'],
    ['another type', 'typ', () => device.prove(fresh(), { header: { typ: 'dpop+jwt' } })],
    [
      'no algorithm',
      'alg',
      () => `${encode({ alg: 'none', typ: 'dbsc+jwt' })}.${encode({ jti: fresh() })}.`,
    ],
    ['another algorithm than the registered one', 'alg', () => rsa.prove(fresh())],
    ['a foreign key', 'signature', () => thief.prove(fresh())],
    [
      'a foreign key that it names',
      'key',
      () => thief.prove(fresh(), { header: { jwk: thief.publicJwk } }),
    ],
    [
      'two keys at once',
      'key',
      () =>
        device.prove(fresh(), {
          header: { jwk: device.publicJwk },
          payload: { key: thief.publicJwk },
        }),
    ],
    [
      'another address',
      'audience',
      () => device.prove(fresh(), { payload: { aud: 'https://evil.example/' } }),
    ],
    [
      'another session',
      'session',
      () => device.prove(fresh(), { payload: { sub: newId('ses', ports) } }),
    ],
    ['no challenge', 'challenge', () => device.prove('')],
    ['a challenge of its own making', 'challenge', () => device.prove(forged())],
    [
      'another session’s challenge',
      'challenge',
      () => device.prove(challengeFor(newId('ses', ports), 'refresh')),
    ],
    ['a challenge for registering', 'challenge', () => device.prove(challengeFor(sessionId))],
    [
      'an expired challenge',
      'challenge',
      () => device.prove(challengeFor(sessionId, 'refresh', Date.now() - 1000)),
    ],
  ])('is refused with %s', async (_what, broken, make) => {
    expect(await check('refresh', await make())).toBe(broken);
  });

  it('is refused when the public key served as a secret (HS256)', async () => {
    const said = `${encode({ alg: 'HS256', typ: 'dbsc+jwt' })}.${encode({ jti: fresh() })}`;
    for (const secret of [JSON.stringify(device.publicJwk), String(device.publicJwk.x)]) {
      const mac = createHmac('sha256', secret).update(said).digest('base64url');
      expect(await check('refresh', `${said}.${mac}`)).toBe('alg');
    }
  });
});

function forged(): string {
  const expiresAtMs = Date.now() + 60_000;
  const given = { purpose: 'refresh', sessionId, expiresAtMs } as const;
  return makeChallenge({ keys: ['another key'], random: systemRandom }, given);
}

describe('a proof that binds a session', () => {
  const brought = (jwk: unknown) => device.prove(challengeFor(sessionId), { header: { jwk } });

  it('brings its public key, of either kind', async () => {
    expect(await check('register', await brought(device.publicJwk))).toBeUndefined();
    const other = await rsa.prove(challengeFor(sessionId), { payload: { key: rsa.publicJwk } });
    expect(await check('register', other)).toBeUndefined();
  });

  it('is refused without a key, with a private, a symmetric, a small or a mismatched one', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const small = { kty: 'RSA', n: 'x'.repeat(171), e: 'AQAB' };
    for (const jwk of [
      undefined,
      await exportJWK(privateKey),
      { kty: 'oct', k: 'c2VjcmV0' },
      rsa.publicJwk,
      { ...device.publicJwk, crv: 'P-521' },
      'text',
    ])
      expect(await check('register', await brought(jwk))).toBe('key');
    const weak = await rsa.prove(challengeFor(sessionId), { header: { jwk: small } });
    expect(await check('register', weak)).toBe('key');
    expect(await check('register', await brought(thief.publicJwk))).toBe('signature');
  });

  it('is refused over a challenge that was given out for a refresh', async () => {
    const proof = await device.prove(fresh(), { header: { jwk: device.publicJwk } });
    expect(await check('register', proof)).toBe('challenge');
  });
});

describe('the bound cookie', () => {
  const nowMs = 1_800_000_000_000;
  const [pair = ''] = boundCookieLine([cookieKey], { sessionId, nowMs, seconds: 600 }).split(';');

  it('is good for its session, in its time, under a key that is or was ours', () => {
    const keys = ['newer', cookieKey];
    expect(hasBoundCookie(keys, `a=b; ${pair}`, { sessionId, nowMs })).toBe(true);
    expect(hasBoundCookie(keys, pair, { sessionId, nowMs: nowMs + 599_999 })).toBe(true);
    expect(hasBoundCookie(keys, pair, { sessionId, nowMs: nowMs + 600_000 })).toBe(false);
    expect(hasBoundCookie(['newer'], pair, { sessionId, nowMs })).toBe(false);
    expect(hasBoundCookie(keys, pair, { sessionId: newId('ses', ports), nowMs })).toBe(false);
    expect(hasBoundCookie(keys, pair.replace(/=\d/, '=9'), { sessionId, nowMs })).toBe(false);
    expect(hasBoundCookie(keys, undefined, { sessionId, nowMs })).toBe(false);
  });
});
