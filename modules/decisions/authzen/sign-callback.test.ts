import { systemRandom } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import { testSigningKeys } from '../testing/test-signing-key.ts';
import { signCallback } from './sign-callback.ts';
import { createTokenKeys } from './token-keys.ts';

test('a callback’s token is for one body, one address and one minute', async () => {
  let nowMs = Date.UTC(2026, 10, 2, 9);
  const clock = { now: () => nowMs };
  const issuer = 'https://staff.example';
  const keys = createTokenKeys({ signingKeys: () => testSigningKeys, issuer, clock });
  const endpoint = 'https://pep.example/ended';
  const body = '{"task":{"id":"arq_1","status":"approved"}}';
  const sign = () => signCallback({ keys, clock, random: systemRandom }, { endpoint, body });
  const token = await sign();
  const { typ = '' } = decodeProtectedHeader(token);
  expect(typ).toBe('authzen-callback+jwt');
  const claims = await keys.verify(typ, token, endpoint);
  expect(claims).toMatchObject({ iss: issuer, aud: endpoint, body_sha256: sha256Base64url(body) });
  expect(await keys.verify(typ, token, 'https://elsewhere.example/')).toBeUndefined();
  expect(await keys.verify('authzen-denial-binding+jwt', token, endpoint)).toBeUndefined();
  expect((await keys.verify(typ, await sign(), endpoint))?.jti).not.toBe(claims?.jti);
  nowMs += 61_000;
  expect(await keys.verify(typ, token, endpoint)).toBeUndefined();
});
