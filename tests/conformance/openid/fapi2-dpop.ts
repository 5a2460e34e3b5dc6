import { exportJWK, SignJWT, UnsecuredJWT } from 'jose';
import { expect } from 'vitest';
import { sha256Base64url } from '@proofline/kernel/node';
import { createDpopKey } from '../../../demo/actors/dpop-key.ts';
import type { Module } from './module.ts';
import type { Rig } from './rig.ts';

interface Forgery {
  readonly what: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: object;
  /** What becomes of the finished proof. */
  readonly spoil?: (proof: string) => string;
}

const hourSeconds = 3600;

/** RFC 9449 §4.3, check by check. */
const forgeries = (rig: Rig, nowSeconds: number): readonly Forgery[] => [
  { what: 'is no JWT', spoil: (proof) => proof.replaceAll('.', '') },
  { what: 'is two', spoil: (proof) => `${proof}, ${proof}` },
  { what: 'has no typ', header: { typ: undefined } },
  { what: 'has another typ', header: { typ: 'jwt' } },
  { what: 'has no key', header: { jwk: undefined } },
  { what: 'has no jti', claims: { jti: undefined } },
  { what: 'has no htm', claims: { htm: undefined } },
  { what: 'has no htu', claims: { htu: undefined } },
  { what: 'has no iat', claims: { iat: undefined } },
  { what: 'has no ath', claims: { ath: undefined } },
  { what: 'has another ath', claims: { ath: sha256Base64url('another token') } },
  { what: 'is for another method', claims: { htm: 'PUT' } },
  { what: 'is for another address', claims: { htu: `${rig.issuer}/token` } },
  { what: 'is an hour old', claims: { iat: nowSeconds - hourSeconds } },
  { what: 'is an hour ahead', claims: { iat: nowSeconds + hourSeconds } },
  { what: 'has a broken signature', spoil: (proof) => `${proof.slice(0, -8)}AAAAAAAA` },
];

/** Proofs that are unusual and in order. */
const oddities = (rig: Rig): readonly Forgery[] => [
  { what: 'has a query and a fragment in htu', claims: { htu: `${rig.issuer}/me?a=b#c` } },
  { what: 'says more than it must', claims: { extra: 'claim' }, header: { extra: 'header' } },
];

interface Asking {
  readonly rig: Rig;
  readonly accessToken: string;
}

/** A proof for GET at the userinfo endpoint, with what is given instead. */
async function prove(
  { rig, accessToken }: Asking,
  forgery: Omit<Forgery, 'what'>,
): Promise<string> {
  const { keys, jwk } = rig.fapi.parts.dpop;
  const usual = {
    htm: 'GET',
    htu: `${rig.issuer}/me`,
    jti: crypto.randomUUID(),
    ath: sha256Base64url(accessToken),
    iat: Math.floor(Date.now() / 1000),
  };
  const header = { alg: 'ES256', typ: 'dpop+jwt', jwk, ...forgery.header };
  const claims = { ...usual, ...forgery.claims };
  const proof = await new SignJWT(claims).setProtectedHeader(header).sign(keys.privateKey);
  return forgery.spoil?.(proof) ?? proof;
}

async function statusWith({ rig, accessToken }: Asking, dpop: string): Promise<number> {
  return (await rig.fapi.userInfo(accessToken, 'GET', dpop)).status;
}

async function forgedKeys(asking: Asking): Promise<readonly (readonly [string, string])[]> {
  const stranger = await createDpopKey();
  const jwk = await exportJWK(stranger.keys.publicKey);
  const url = `${asking.rig.issuer}/me`;
  const { accessToken } = asking;
  const none = new UnsecuredJWT({
    htm: 'GET',
    htu: url,
    jti: 'a',
    ath: sha256Base64url(accessToken),
  });
  return [
    ['is by another key', await stranger.prove({ method: 'GET', url, accessToken })],
    ['names another key than its own', await prove(asking, { header: { jwk } })],
    ['is not signed', none.setIssuedAt().encode()],
    [
      'has a private key in its header',
      await prove(asking, { header: { jwk: { ...jwk, d: jwk.x } } }),
    ],
  ];
}

/** DPoP at a protected resource, and proofs with more claims than needed. */
export const fapi2Dpop: readonly Module[] = [
  {
    name: 'FAPI2SPFinalDpopNegativeTests',
    does: 'shows 21 wrong DPoP proofs at the userinfo endpoint (RFC 9449 §4.3), and 2 unusual ones that are in order',
    async run(rig) {
      const { accessToken } = await rig.signIn(rig.fapi);
      const asking = { rig, accessToken };
      expect(await statusWith(asking, await prove(asking, {}))).toBe(200);
      const wrong: [string, string][] = [];
      for (const forgery of forgeries(rig, Math.floor(Date.now() / 1000)))
        wrong.push([forgery.what, await prove(asking, forgery)]);
      for (const [what, proof] of [...wrong, ...(await forgedKeys(asking))])
        expect([400, 401], `a proof that ${what}`).toContain(await statusWith(asking, proof));
      for (const { what, ...odd } of oddities(rig))
        expect([what, await statusWith(asking, await prove(asking, odd))]).toEqual([what, 200]);
      const used = await prove(asking, {});
      expect(await statusWith(asking, used)).toBe(200);
      // The second time it is a replay (RFC 9449 §11.1).
      expect(await statusWith(asking, used)).toBe(401);
    },
  },
  {
    name: 'FAPI2SPFinalCheckDpopProofNbfExp',
    does: 'shows a DPoP proof with `nbf` and `exp`: accepted',
    async run(rig) {
      const { accessToken } = await rig.signIn(rig.fapi);
      const nowSeconds = Math.floor(Date.now() / 1000);
      const claims = { nbf: nowSeconds, exp: nowSeconds + 300 };
      const asking = { rig, accessToken };
      expect(await statusWith(asking, await prove(asking, { claims }))).toBe(200);
    },
  },
];
