import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '@proofline/kernel';
import { createVerifiedTokens, verifyAccessToken } from '../index.ts';

const clock = fixedClock();
const nowSeconds = Math.floor(clock.now() / 1000);
const issuer = 'https://staff.example/oidc';
const audience = 'https://gateway.example';
let signing: CryptoKey;
let jwks: ReturnType<typeof createLocalJWKSet>;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  signing = pair.privateKey;
  jwks = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1' }] });
});

async function issue(
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key: CryptoKey = signing,
): Promise<string> {
  return new SignJWT({
    iss: issuer,
    aud: audience,
    sub: 'stf_x',
    client_id: 'console',
    jti: 'j1',
    iat: nowSeconds,
    exp: nowSeconds + 300,
    cnf: { jkt: 'the-key' },
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header })
    .sign(key);
}

async function outcome(token: string, jkt = 'the-key') {
  const result = await verifyAccessToken({ token, jkt, jwks, issuer, audience, clock });
  return result.ok ? 'accepted' : `${result.error.code} ${result.error.check}`;
}

describe('a DPoP-bound access token (RFC 9068)', () => {
  it('is accepted for its one audience with its key', async () => {
    expect(await outcome(await issue())).toBe('accepted');
    expect(await outcome(await issue({ aud: [audience] }))).toBe('accepted');
  });
  it('is refused by type, signature, issuer and time', async () => {
    const stranger = await generateKeyPair('ES256');
    const tokens = [
      'not.a.token',
      await issue({}, { typ: 'JWT' }),
      await issue({}, {}, stranger.privateKey),
      await issue({ iss: 'https://customers.example/oidc' }),
      await issue({ nbf: nowSeconds + 100 }),
      await issue({ jti: undefined }),
      await issue({ cnf: undefined }),
    ];
    for (const token of tokens) expect(await outcome(token)).toBe('token.invalid jwt');
    expect(await outcome(await issue({ exp: nowSeconds }))).toBe('token.invalid expired');
    expect(await outcome(await issue({ iat: nowSeconds + 100 }))).toBe('token.invalid iat');
    expect(await outcome('x'.repeat(9000))).toBe('token.invalid size');
  });
  it('is refused when it is meant for another audience, or for several', async () => {
    expect(await outcome(await issue({ aud: 'https://staff.example/api' }))).toBe(
      'token.invalid jwt',
    );
    expect(await outcome(await issue({ aud: [audience, 'https://staff.example/api'] }))).toBe(
      'token.invalid audience',
    );
  });
  it('is refused with any other key', async () => {
    expect(await outcome(await issue(), 'another-key')).toBe('token.proof-invalid cnf');
    expect(await outcome(await issue({ cnf: { jkt: 'another' } }))).toBe('token.proof-invalid cnf');
    expect(await outcome(await issue({ cnf: 'the-key' }))).toBe('token.proof-invalid cnf');
  });
  it('is refused without a subject', async () => {
    expect(await outcome(await issue({ sub: '' }))).toBe('token.invalid subject');
    expect(await outcome(await issue({ client_id: 7 }))).toBe('token.invalid subject');
  });
  it('is believed for less than a second after its key was withdrawn, and never with another key', async () => {
    const time = fixedClock();
    const verifiedTokens = createVerifiedTokens();
    let looks = 0;
    let keys = jwks;
    const known = { issuer, audience, clock: time, verifiedTokens };
    const counted: typeof jwks = Object.assign(
      async (...given: Parameters<typeof jwks>) => {
        looks += 1;
        return keys(...given);
      },
      { coolingDown: () => false, fresh: () => true, reloading: () => false, jwks: jwks.jwks },
    );
    const ask = async (token: string, jkt = 'the-key') => {
      const result = await verifyAccessToken({ token, jkt, jwks: counted, ...known });
      return result.ok ? 'accepted' : `${result.error.code} ${result.error.check}`;
    };
    const token = await issue({ exp: nowSeconds + 1 });
    const long = await issue();
    expect([await ask(token), await ask(token), await ask(long)]).toEqual(
      Array(3).fill('accepted'),
    );
    expect(looks).toBe(2);
    expect(await ask(token, 'another-key')).toBe('token.proof-invalid cnf');
    keys = createLocalJWKSet({ keys: [] });
    time.advance(999);
    expect([await ask(token), await ask(long)]).toEqual(['accepted', 'accepted']);
    time.advance(1);
    expect([await ask(token), await ask(long)]).toEqual(Array(2).fill('token.invalid jwt'));
  });
  it('is refused at the moment of its expiry, however lately it was verified', () => {
    const verifiedTokens = createVerifiedTokens();
    verifiedTokens.remember('t', { exp: nowSeconds + 1 }, clock.now() + 500);
    expect(verifiedTokens.recall('t', clock.now() + 999)).toBeDefined();
    expect(verifiedTokens.recall('t', clock.now() + 1_000)).toBeUndefined();
    verifiedTokens.remember('u', { exp: nowSeconds + 9 }, clock.now());
    // A clock that went back.
    expect(verifiedTokens.recall('u', clock.now() - 1)).toBeUndefined();
  });
});
