import fc from 'fast-check';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixedClock, systemRandom } from '@proofline/kernel';
import { signingFetch, signRequest, type ServiceSigningKey } from '../client/index.ts';
import {
  checkSignature,
  createMemoryReplayStore,
  rememberSignature,
  signatureBase,
  signatureChecks,
  type InnerList,
  type SignedMessage,
} from '../index.ts';
import { writeBareItem, writeInnerList, type BareItem } from './structured-fields.ts';

const clock = fixedClock();
const nowSeconds = Math.floor(clock.now() / 1000);
const url = 'https://staff.example/api/enrolments?page=2';
const body = new TextEncoder().encode('{"amountCents":100}');

interface Signer extends ServiceSigningKey {
  readonly jwk: JWK;
}
let ed: Signer;
let ec: Signer;

async function newSigner(alg: 'EdDSA' | 'ES256'): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, kid: await calculateJwkThumbprint(jwk) };
}
beforeAll(async () => {
  ed = await newSigner('EdDSA');
  ec = await newSigner('ES256');
});

type Headers = Record<string, string | undefined>;
const sent = (headers: Headers, over: Partial<SignedMessage> = {}): SignedMessage => ({
  method: 'POST',
  url,
  header: (name) => headers[name],
  ...over,
});
const withBody: Headers = {
  authorization: 'Bearer the-token',
  'content-length': String(body.length),
};
async function signedHeaders(signer: Signer = ed): Promise<Headers> {
  const target = { method: 'POST', url, authorization: 'Bearer the-token', body };
  return { ...withBody, ...(await signRequest(signer, target, { clock, random: systemRandom })) };
}
async function failedCheck(message: SignedMessage, at = clock) {
  const findKey = async (keyid: string) => [ed, ec].find((signer) => signer.kid === keyid)?.jwk;
  const result = await checkSignature({ message, clock: at, findKey });
  return result.ok ? 'accepted' : result.error.check;
}

interface Forgery {
  readonly covered?: readonly string[];
  readonly parameters?: Readonly<Record<string, BareItem | undefined>>;
  readonly by?: Signer;
  readonly headers?: Headers;
}
const text = (value: string): BareItem => ({ kind: 'string', value });
const whole = (value: number): BareItem => ({ kind: 'integer', value });
const usual = ['@method', '@target-uri', 'content-digest', 'authorization'];

/** A signature by our own key over whatever the test wants. */
async function forge({ covered = usual, parameters = {}, by = ed, headers = {} }: Forgery = {}) {
  const own: Headers = { ...(await signedHeaders(by)), ...headers };
  const said = {
    created: whole(nowSeconds),
    expires: whole(nowSeconds + 60),
    nonce: text(crypto.randomUUID()),
    keyid: text(by.kid),
    tag: text('proofline'),
    ...parameters,
  };
  const input: InnerList = {
    items: covered.map((name) => ({ item: text(name), parameters: new Map() })),
    parameters: new Map(
      Object.entries(said).flatMap(([name, item]) => (item ? [[name, item] as const] : [])),
    ),
  };
  const base = signatureBase(input, sent(own)) ?? 'nothing';
  const algorithm = by.jwk.kty === 'EC' ? { name: 'ECDSA', hash: 'SHA-256' } : { name: 'Ed25519' };
  const bytes = new TextEncoder().encode(base);
  const value = new Uint8Array(await crypto.subtle.sign(algorithm, by.privateKey, bytes));
  const item = writeBareItem({ kind: 'bytes', value });
  return sent({
    ...own,
    'signature-input': `sig=${writeInnerList(input)}`,
    signature: `sig=${item}`,
  });
}

describe('a signed request (RFC 9421)', () => {
  it('is accepted by either algorithm, named or not', async () => {
    for (const signer of [ed, ec]) {
      expect(await failedCheck(sent(await signedHeaders(signer)))).toBe('accepted');
      const alg = signer === ed ? 'ed25519' : 'ecdsa-p256-sha256';
      expect(await failedCheck(await forge({ by: signer, parameters: { alg: text(alg) } }))).toBe(
        'accepted',
      );
    }
    const parts = ['@method', '@authority', '@path', '@query', 'content-digest', 'authorization'];
    expect(await failedCheck(await forge({ covered: parts }))).toBe('accepted');
  });
  it('is not accepted when anything that it covers was changed', async () => {
    const headers = await signedHeaders();
    const changes: [Headers, Partial<SignedMessage>][] = [
      [{}, { method: 'DELETE' }],
      [{}, { url: url.replace('https:', 'http:') }],
      [{}, { url: url.replace('staff.', 'customers.') }],
      [{}, { url: url.replace('enrolments', 'services') }],
      [{}, { url: url.replace('page=2', 'page=3') }],
      [{}, { url: url.replace('?page=2', '') }],
      [{ authorization: 'Bearer another' }, {}],
      [{ authorization: undefined }, {}],
      [{ 'content-digest': 'sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:' }, {}],
      [{ 'content-digest': undefined }, {}],
    ];
    for (const [more, over] of changes) {
      expect(await failedCheck(sent({ ...headers, ...more }, over))).toBe('signature');
    }
    // Every parameter is signed as well.
    const input = headers['signature-input']!;
    for (const changed of [
      input.replace(`expires=${nowSeconds + 60}`, `expires=${nowSeconds + 59}`),
      input.replace(/nonce="./, 'nonce="~'),
      input.replace(ed.kid, ec.kid),
      input.replace('"@method" "@target-uri"', '"@target-uri" "@method"'),
      `${input};alg="ed25519"`,
    ]) {
      expect(changed).not.toBe(input);
      const refused = await failedCheck(sent({ ...headers, 'signature-input': changed }));
      expect(['signature', 'alg']).toContain(refused);
    }
  });

  const forgeries: Record<string, readonly (() => Promise<SignedMessage>)[]> = {
    'well-formed': [
      async () => sent({ ...(await signedHeaders()), signature: undefined }),
      async () => sent({ ...(await signedHeaders()), 'signature-input': undefined }),
      async () => sent({ ...(await signedHeaders()), signature: 'other=:AAAA:' }),
      async () => sent({ ...(await signedHeaders()), 'signature-input': 'sig=1' }),
      async () => sent({ ...(await signedHeaders()), signature: 'sig="AAAA"' }),
      async () => sent({ ...(await signedHeaders()), signature: 'sig=(:AAAA:)' }),
      async () => {
        const own = await signedHeaders();
        return sent({ ...own, signature: `${own['signature']}, two=:AAAA:` });
      },
      async () => {
        const own = await signedHeaders();
        return sent({ ...own, 'signature-input': `two=("@method"), ${own['signature-input']}` });
      },
      async () => {
        const own = await signedHeaders();
        return sent({ ...own, signature: `${own['signature']}, ${own['signature']}` });
      },
      async () => {
        const own = await signedHeaders();
        return sent({ ...own, signature: `${own['signature']};by="us"` });
      },
    ],
    parameters: [
      () => forge({ parameters: { nonce: undefined } }),
      () => forge({ parameters: { nonce: text('short') } }),
      () => forge({ parameters: { nonce: text('x'.repeat(129)) } }),
      () => forge({ parameters: { nonce: whole(123_456_789_012_345) } }),
      () => forge({ parameters: { keyid: undefined } }),
      () => forge({ parameters: { unknown: text('x') } }),
    ],
    tag: [
      () => forge({ parameters: { tag: undefined } }),
      () => forge({ parameters: { tag: text('another-application') } }),
      () => forge({ parameters: { tag: { kind: 'token', value: 'proofline' } } }),
    ],
    components: [
      () => forge({ covered: [] }),
      () => forge({ covered: ['@method', 'content-digest', 'authorization'] }),
      () => forge({ covered: ['@target-uri', 'content-digest', 'authorization'] }),
      () =>
        forge({ covered: ['@method', '@authority', '@path', 'content-digest', 'authorization'] }),
      () => forge({ covered: [...usual, '@method'] }),
      async () => {
        const own = await signedHeaders();
        const input = own['signature-input']!.replace('"@method"', '"@method";req');
        return sent({ ...own, 'signature-input': input });
      },
    ],
    authorization: [() => forge({ covered: usual.slice(0, 3) })],
    'content-digest': [
      () => forge({ covered: usual.filter((name) => name !== 'content-digest') }),
      () =>
        forge({
          covered: usual.filter((name) => name !== 'content-digest'),
          headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' },
        }),
    ],
    created: [
      () => forge({ parameters: { created: undefined } }),
      () =>
        forge({ parameters: { created: whole(nowSeconds + 31), expires: whole(nowSeconds + 60) } }),
      () => forge({ parameters: { expires: whole(nowSeconds + 61) } }),
      () => forge({ parameters: { expires: whole(nowSeconds) } }),
      () => forge({ parameters: { expires: undefined } }),
      () => forge({ parameters: { created: text(String(nowSeconds)) } }),
    ],
    expires: [
      () => forge({ parameters: { created: whole(nowSeconds - 60), expires: whole(nowSeconds) } }),
    ],
    keyid: [() => forge({ parameters: { keyid: text('nobody') } })],
    alg: [
      () => forge({ parameters: { alg: text('ecdsa-p256-sha256') } }),
      () => forge({ by: ec, parameters: { alg: text('ed25519') } }),
      () => forge({ parameters: { alg: text('hmac-sha256') } }),
      () => forge({ parameters: { alg: { kind: 'token', value: 'ed25519' } } }),
    ],
    signature: [
      // Somebody else’s key under our name, and the signature of another service.
      () => forge({ parameters: { keyid: text(ec.kid) } }),
      async () => {
        const [own, theirs] = [await signedHeaders(ed), await signedHeaders(ec)];
        return sent({ ...own, signature: theirs['signature'] });
      },
      () => forge({ covered: [...usual, 'x-not-sent'] }),
      () => forge({ covered: [...usual, '@status'] }),
      async () => sent({ ...(await signedHeaders()), signature: 'sig=::' }),
    ],
  };
  for (const [check, makers] of Object.entries(forgeries)) {
    it(`is refused by the check ${check}`, async () => {
      for (const [at, make] of makers.entries()) {
        expect([at, await failedCheck(await make())]).toEqual([at, check]);
      }
    });
  }
  it('has a negative case for every check of the table', () => {
    expect(signatureChecks.map(({ name }) => name)).toEqual(Object.keys(forgeries));
  });
  it('is missing where nothing of it is there', async () => {
    const request = { message: sent(withBody), clock, findKey: async () => ed.jwk };
    expect(await checkSignature(request)).toMatchObject({ error: { code: 'token.proof-missing' } });
  });
  it('is worth nothing a second time, until it is too old anyway', async () => {
    const moving = fixedClock();
    const store = createMemoryReplayStore(10, moving);
    const headers = await signedHeaders();
    const present = async () => {
      const checked = await checkSignature({
        message: sent(headers),
        clock: moving,
        findKey: async () => ed.jwk,
      });
      const used = checked.ok ? await rememberSignature(checked.value, store) : checked;
      return used.ok ? 'accepted' : `${used.error.code} ${used.error.check}`;
    };
    expect(await present()).toBe('accepted');
    expect(await present()).toBe('token.proof-replayed nonce');
    moving.advance(59_000);
    expect(await present()).toBe('token.proof-replayed nonce');
    moving.advance(1_000);
    expect(await present()).toBe('token.proof-invalid expires');
    const full = createMemoryReplayStore(0, clock);
    const one = await checkSignature({
      message: sent(headers),
      clock,
      findKey: async () => ed.jwk,
    });
    expect(one.ok && (await rememberSignature(one.value, full))).toMatchObject({
      error: { check: 'replay-store-full' },
    });
  });
  it('is refused and never thrown at, whatever the headers hold', async () => {
    // A plain object has more members than were put there.
    const covered = '"@method" "@target-uri" "authorization" "content-digest" "constructor"';
    const said = `created=${nowSeconds};expires=${nowSeconds + 60};nonce="${'n'.repeat(16)}";keyid="${ed.kid}"`;
    const inherited = { 'signature-input': `sig=(${covered});${said};tag="proofline"` };
    const own = sent({ ...(await signedHeaders()), ...inherited, signature: 'sig=:AAAA:' });
    expect(await failedCheck(own)).toBe('signature');
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 200 }),
        fc.string({ maxLength: 50 }),
        async (a, b) => {
          expect(await failedCheck(sent({ 'signature-input': a, signature: b }))).not.toBe(
            'accepted',
          );
          const input = `sig=(${a});${b}`;
          const forged = sent({ 'signature-input': input, signature: 'sig=:AAAA:' });
          expect(await failedCheck(forged)).not.toBe('accepted');
        },
      ),
      { numRuns: 200, seed: 9421 },
    );
  });
  it('is what signingFetch sends, and a redirect is not followed', async () => {
    const inits: RequestInit[] = [];
    const send = signingFetch({
      key: ec,
      clock,
      accessToken: () => 'the-token',
      fetch: async (_url, init) => {
        inits.push(init);
        return new Response();
      },
    });
    await send(`${url}#top`, { method: 'POST', body: '{"amountCents":100}' });
    const headers = new Headers(inits[0]?.headers);
    const message = { method: 'POST', url, header: (name: string) => headers.get(name) };
    expect(await failedCheck(message)).toBe('accepted');
    expect(inits[0]?.redirect).toBe('error');
    await expect(send(url, { method: 'POST', body: new FormData() })).rejects.toThrow(
      'text or bytes',
    );
  });
});
