import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { signRequest } from '@proofline/enforce/client';
import { systemClock, systemRandom } from '@proofline/kernel';
import { createWorld, gatewayOrigin, type Sent, type World } from './testing/world.ts';

const ports = { clock: systemClock, random: systemRandom };
const path = '/customers/A-1';
const text = JSON.stringify({ amountCents: 900, reason: 'goodwill' });
let world: World;
let key: Awaited<ReturnType<typeof newKey>>;

async function newKey() {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, kid: await calculateJwkThumbprint(jwk) };
}
beforeEach(async () => {
  world = await createWorld();
  key = await newKey();
});
afterEach(() => world.stop());

/** A refund under a grant that is bound to a key, signed with it. */
async function signedRefund(cnf: object = { jwk: key.jwk }, by = key): Promise<Sent> {
  const authorization = `Bearer ${await world.grant({ cnf })}`;
  const url = gatewayOrigin + path;
  const body = new TextEncoder().encode(text);
  const headers = await signRequest(by, { method: 'POST', url, authorization, body }, ports);
  return { method: 'POST', path, proof: null, body: text, headers: { authorization, ...headers } };
}
const codeOf = async (sent: Sent) => (await world.call(sent)).body['code'];

it('a signed request is forwarded like any other, and once', async () => {
  const sent = await signedRefund();
  expect((await world.call(sent)).status).toBe(200);
  expect(world.upstreamCalls).toHaveLength(1);
  expect(world.upstreamCalls[0]?.headers.get('signature')).toBeNull();
  expect(await codeOf(sent)).toBe('token.proof-replayed');
  expect(world.upstreamCalls).toHaveLength(1);
});

it('P2: no part of a signed request can be changed, and nothing stands for its signature', async () => {
  const dpopBound = world.grantClaims['cnf'] as object;
  const other = await newKey();
  const sent = await signedRefund();
  const { authorization, ...bare } = sent.headers!;
  const without = (name: string) =>
    Object.fromEntries(Object.entries(sent.headers!).filter(([one]) => one !== name));
  const refused: readonly [Sent, string][] = [
    // The body changed under its old digest, and left out.
    [{ ...(await signedRefund()), body: undefined }, 'token.proof-invalid'],
    [{ ...sent, body: text.replace('900', '901') }, 'token.proof-invalid'],
    [{ ...sent, path: '/customers/A-2' }, 'token.proof-invalid'],
    [{ ...sent, path: `${path}?since=1` }, 'token.proof-invalid'],
    [{ ...sent, headers: { ...sent.headers!, signature: 'sig=:AAAA:' } }, 'token.proof-invalid'],
    [{ ...sent, headers: without('content-digest') }, 'token.proof-invalid'],
    [{ ...sent, headers: without('signature') }, 'token.proof-invalid'],
    // The token alone, and the signature alone.
    [{ ...sent, headers: { authorization: authorization! } }, 'token.invalid'],
    [{ ...sent, token: null, headers: bare }, 'token.missing'],
    // A grant that is bound to a browser’s key, to both, or to somebody else’s.
    [await signedRefund(dpopBound), 'token.proof-invalid'],
    [await signedRefund({ ...dpopBound, jwk: key.jwk }), 'token.proof-invalid'],
    [await signedRefund({ jwk: other.jwk }), 'token.proof-invalid'],
    [await signedRefund({ jwk: { ...key.jwk, d: 'x' } }), 'token.proof-invalid'],
    // A DPoP proof beside it, or in its place.
    [
      { ...(await signedRefund()), proof: 'a.b.c', headers: { ...sent.headers!, dpop: 'a.b.c' } },
      'token.proof-invalid',
    ],
    [
      { method: 'POST', path, body: text, token: await world.grant({ cnf: { jwk: key.jwk } }) },
      'token.proof-invalid',
    ],
  ];
  for (const [at, [attack, code]] of refused.entries()) {
    expect([at, await codeOf(attack)]).toEqual([at, code]);
  }
  expect(world.upstreamCalls).toEqual([]);
  expect(world.questions).toEqual([]);
});
