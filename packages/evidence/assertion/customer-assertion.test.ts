import { canonicalJson, base64urlToBytes, bytesToBase64url } from '@proofline/kernel';
import { describe, expect, test } from 'vitest';
import { assertionKey, signedAssertion } from '../testing/index.ts';
import { findAssertionFault, readAssertion } from './customer-assertion.ts';
import { parseCoseKey } from './cose-key.ts';

const context = canonicalJson({ v: 1, purpose: 'billing', nonce: 'abc' });
const key = assertionKey('EdDSA');
const good = signedAssertion(context, key);

describe('a stored assertion', () => {
  test.each(['ES256', 'EdDSA', 'RS256'] as const)('by %s verifies again', (algorithm) => {
    expect(findAssertionFault(signedAssertion(context, assertionKey(algorithm)))).toBeUndefined();
  });

  test.each([
    ['of a registration', { type: 'webauthn.create' }, 'not of an assertion'],
    ['with another challenge', { challenge: 'AAAA' }, 'challenge'],
    ['from another origin', { origin: 'https://evil.example' }, 'another origin'],
    ['for another relying party', { rpId: 'staff.localhost' }, 'another relying party'],
    ['without user presence', { flags: 0x04 }, 'present'],
    ['without user verification', { flags: 0x01 }, 'verified'],
  ])('%s is refused', (_, change, because) => {
    expect(findAssertionFault(signedAssertion(context, key, change))).toContain(because);
  });

  test.each([
    ['with another context', { context: canonicalJson({ v: 1, purpose: 'refund' }) }, 'challenge'],
    ['with a respelled context', { context: `${context} ` }, 'canonical'],
    ['with an origin outside its relying party', { rpId: 'other.example' }, 'belong'],
    ['with another key', { publicKey: bytesToBase64url(assertionKey('EdDSA').cose) }, 'signature'],
    ['with no key', { publicKey: 'oA' }, 'public key'],
    ['with padding in its signature', { signature: `${good.signature}=` }, 'base64url'],
    ['with short authenticator data', { authenticatorData: 'AAAA' }, 'too short'],
    ['with no client data', { clientDataJSON: 'AAAA' }, 'not JSON'],
  ])('%s is refused', (_, change, because) => {
    expect(findAssertionFault({ ...good, ...change })).toContain(because);
  });

  test('is read only with exactly its members', () => {
    expect(readAssertion({ ...good })).toEqual(good);
    expect(readAssertion({ ...good, more: 'x' })).toBeUndefined();
    expect(readAssertion({ ...good, rpId: 1 })).toBeUndefined();
    expect(readAssertion('assertion')).toBeUndefined();
  });
});

describe('a COSE key', () => {
  const es256 = assertionKey('ES256').cose;

  test('has no bytes after it and none missing', () => {
    expect(parseCoseKey(es256)?.algorithm).toBe(-7);
    expect(parseCoseKey(Buffer.concat([es256, Uint8Array.of(0)]))).toBeUndefined();
    for (let end = 0; end < es256.length; end += 1) {
      expect(parseCoseKey(es256.subarray(0, end))).toBeUndefined();
    }
  });

  test('of a point that is not on the curve is refused', () => {
    const bent = Uint8Array.from(es256);
    bent[bent.length - 1]! ^= 1;
    expect(parseCoseKey(bent)).toBeUndefined();
  });

  test('of another kind is refused', () => {
    // {1: 4, 3: 5, -1: h'00'}: a symmetric key.
    expect(parseCoseKey(base64urlToBytes('owEEAwUgQQA')!)).toBeUndefined();
  });
});
