import fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixedClock, systemRandom } from '@proofline/kernel';
import { createDpopProof, generateDpopKeys, type DpopKeys } from '../client/index.ts';
import {
  createMemoryReplayStore,
  digestBase64url,
  dpopChecks,
  verifyDpopProof,
  type DpopInput,
} from '../index.ts';

const clock = fixedClock();
const nowSeconds = Math.floor(clock.now() / 1000);
const url = 'https://gateway.example/customers/MH-10001?page=2';
let keys: DpopKeys;
let ath: string;

beforeAll(async () => {
  keys = await generateDpopKeys();
  ath = await digestBase64url('the-token');
});

interface Forgery {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly signWith?: CryptoKey;
}

async function forge({ header = {}, claims = {}, signWith }: Forgery = {}): Promise<string> {
  return new SignJWT({
    htm: 'GET',
    htu: 'https://gateway.example/customers/MH-10001',
    jti: crypto.randomUUID(),
    iat: nowSeconds,
    ath,
    ...claims,
  })
    .setProtectedHeader({
      alg: 'ES256',
      typ: 'dpop+jwt',
      jwk: await exportJWK(keys.publicKey),
      ...header,
    })
    .sign(signWith ?? keys.privateKey);
}

function verify(proof: DpopInput['proof'], overrides: Partial<DpopInput> = {}) {
  return verifyDpopProof({
    method: 'GET',
    url,
    proof,
    accessToken: 'the-token',
    clock,
    replayStore: createMemoryReplayStore(10, clock),
    ...overrides,
  });
}

async function failedCheck(proof: DpopInput['proof'], overrides: Partial<DpopInput> = {}) {
  const result = await verify(proof, overrides);
  return result.ok ? 'accepted' : result.error.check;
}

describe('a DPoP proof (RFC 9449 §4.3)', () => {
  it('is accepted when every check holds, whatever the query of the request', async () => {
    const proof = await createDpopProof(
      keys,
      { method: 'get', url, accessToken: 'the-token' },
      { clock, random: systemRandom },
    );
    const result = await verify(proof);
    expect(result).toMatchObject({ ok: true, value: { jkt: expect.stringMatching(/^.{43}$/) } });
  });
  it('is missing when there is none', async () => {
    for (const proof of [undefined, null, '', []]) {
      expect(await verify(proof)).toMatchObject({ error: { code: 'token.proof-missing' } });
    }
  });

  const forgeries: Record<string, readonly (() => Promise<string | string[]>)[]> = {
    'one-header': [
      async () => [await forge(), await forge()],
      async () => `${await forge()}, ${await forge()}`,
    ],
    'well-formed': [
      async () => 'abc',
      async () => `${await forge()}.x`,
      async () => forge({ claims: { pad: 'x'.repeat(5000) } }),
    ],
    typ: [() => forge({ header: { typ: 'JWT' } }), () => forge({ header: { typ: undefined } })],
    alg: [
      async () => `${btoa('{"typ":"dpop+jwt","alg":"none"}').replaceAll('=', '')}.e30.`,
      async () => `${btoa('{"typ":"dpop+jwt","alg":"HS256"}').replaceAll('=', '')}.e30.AA`,
    ],
    'public-jwk': [
      () => forge({ header: { jwk: undefined } }),
      async () => {
        const pair = await generateKeyPair('ES256', { extractable: true });
        const jwk = await exportJWK(pair.privateKey);
        return forge({ header: { jwk }, signWith: pair.privateKey });
      },
    ],
    signature: [
      async () => forge({ signWith: (await generateDpopKeys()).privateKey }),
      async () => `${(await forge()).slice(0, -4)}AAAA`,
    ],
    claims: [
      () => forge({ claims: { jti: undefined } }),
      () => forge({ claims: { jti: 'x'.repeat(201) } }),
      () => forge({ claims: { iat: nowSeconds + 0.5 } }),
      () => forge({ claims: { htm: undefined } }),
      () => forge({ claims: { htu: undefined } }),
    ],
    htm: [() => forge({ claims: { htm: 'POST' } })],
    htu: [
      () => forge({ claims: { htu: 'https://other.example/customers/MH-10001' } }),
      () => forge({ claims: { htu: 'http://gateway.example/customers/MH-10001' } }),
      () => forge({ claims: { htu: 'https://gateway.example/customers/MH-10002' } }),
      () => forge({ claims: { htu: url } }),
      () => forge({ claims: { htu: 'not a url' } }),
    ],
    iat: [
      () => forge({ claims: { iat: nowSeconds - 61 } }),
      () => forge({ claims: { iat: nowSeconds + 61 } }),
    ],
    ath: [
      () => forge({ claims: { ath: undefined } }),
      async () => forge({ claims: { ath: await digestBase64url('another-token') } }),
    ],
  };
  for (const [check, makers] of Object.entries(forgeries)) {
    it(`is refused by the check ${check}`, async () => {
      for (const make of makers) expect(await failedCheck(await make())).toBe(check);
    });
  }
  it('is refused by the check nonce when one was asked for', async () => {
    expect(await failedCheck(await forge(), { nonce: 'n1' })).toBe('nonce');
    expect(await failedCheck(await forge({ claims: { nonce: 'n1' } }), { nonce: 'n1' })).toBe(
      'accepted',
    );
  });
  it('has a negative case for every check of the table', () => {
    const covered = new Set([...Object.keys(forgeries), 'nonce']);
    expect(dpopChecks.map((check) => check.name).filter((name) => !covered.has(name))).toEqual([]);
  });

  it('is worth nothing a second time, until it is too old anyway', async () => {
    const moving = fixedClock();
    const replayStore = createMemoryReplayStore(10, moving);
    const proof = await forge();
    expect(await failedCheck(proof, { replayStore, clock: moving })).toBe('accepted');
    expect(await verify(proof, { replayStore, clock: moving })).toMatchObject({
      error: { code: 'token.proof-replayed', check: 'jti' },
    });
    moving.advance(60_000);
    expect(await failedCheck(proof, { replayStore, clock: moving })).toBe('jti');
    moving.advance(1000);
    expect(await failedCheck(proof, { replayStore, clock: moving })).toBe('iat');
  });
  it('is refused when the replay store is full, never accepted by forgetting another', async () => {
    const replayStore = createMemoryReplayStore(1, clock);
    const first = await forge();
    expect(await failedCheck(first, { replayStore })).toBe('accepted');
    expect(await failedCheck(await forge(), { replayStore })).toBe('replay-store-full');
    expect(await failedCheck(first, { replayStore })).toBe('jti');
  });
  it('never throws, whatever the header holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 300 }), async (text) => {
        expect((await verify(text)).ok).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
