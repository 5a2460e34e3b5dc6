import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type JWTPayload,
} from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, systemRandom } from '@proofline/kernel';
import { createDpopProof, generateDpopKeys, type DpopKeys } from '../client/index.ts';
import { authenticateRequest, createMemoryReplayStore, type ReplayStore } from '../index.ts';

const ports = { clock: systemClock, random: systemRandom };
const issuer = 'https://staff.example/oidc';
const audience = 'https://billing.example';
const url = 'https://billing.example/invoices/A-1';
let keys: DpopKeys;
let signing: CryptoKey;
let jwks: ReturnType<typeof createLocalJWKSet>;
let remembered: string[];
let replayStore: ReplayStore;

beforeAll(async () => {
  keys = await generateDpopKeys();
  const pair = await generateKeyPair('ES256', { extractable: true });
  signing = pair.privateKey;
  jwks = createLocalJWKSet({ keys: [await exportJWK(pair.publicKey)] });
});
beforeEach(() => {
  remembered = [];
  const store = createMemoryReplayStore(10, systemClock);
  replayStore = {
    remember(key, expiresAtMs) {
      remembered.push(key);
      return store.remember(key, expiresAtMs);
    },
  };
});

async function issue(claims: JWTPayload = {}, key = signing): Promise<string> {
  const jkt = await calculateJwkThumbprint(await exportJWK(keys.publicKey));
  return new SignJWT({ client_id: 'console', cnf: { jkt }, aud: audience, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setSubject('stf_1')
    .setJti('j')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key);
}

const prove = (accessToken: string, by = keys) =>
  createDpopProof(by, { method: 'GET', url, accessToken }, ports);

async function outcome(token: string, dpop: string): Promise<string> {
  const result = await authenticateRequest(
    { method: 'GET', url, authorization: `DPoP ${token}`, dpop },
    { issuer, audience, jwks, clock: systemClock, replayStore },
  );
  return result.ok ? 'accepted' : result.error.code;
}

describe('the proofs that are remembered', () => {
  it('are of accepted requests only: strangers take no room in the store', async () => {
    const stranger = await generateDpopKeys();
    const genuine = await issue();
    const refused = [
      await outcome('garbage', await prove('garbage', stranger)),
      await outcome(genuine, await prove(genuine, stranger)),
    ];
    const forged = await issue({}, (await generateKeyPair('ES256')).privateKey);
    refused.push(await outcome(forged, await prove(forged)));
    const elsewhere = await issue({ aud: 'https://other.example' });
    refused.push(await outcome(elsewhere, await prove(elsewhere)));
    expect(refused).toEqual([
      'token.invalid',
      'token.proof-invalid',
      'token.invalid',
      'token.invalid',
    ]);
    expect(remembered).toEqual([]);
  });
  it('are accepted once', async () => {
    const token = await issue();
    const proof = await prove(token);
    expect(await outcome(token, proof)).toBe('accepted');
    expect(await outcome(token, proof)).toBe('token.proof-replayed');
    expect(remembered).toHaveLength(2);
  });
  it('let one of two requests at the same time through', async () => {
    const token = await issue();
    const proof = await prove(token);
    const both = await Promise.all([outcome(token, proof), outcome(token, proof)]);
    expect(both.toSorted()).toEqual(['accepted', 'token.proof-replayed']);
  });
});
