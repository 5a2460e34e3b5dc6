import { fixedClock, systemRandom } from '@proofline/kernel';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeKeys, type BrowserKeys } from './browser-keys.ts';
import { digestBase64url } from './digest.ts';
import { createDpopSigner } from './dpop.ts';
import { createOidcClient, OAuthError } from './oidc.ts';
import { NoAnswer } from './refusal.ts';

const origin = 'https://staff.test';
const issuer = `${origin}/oidc`;
const discovery = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  pushed_authorization_request_endpoint: `${issuer}/request`,
  token_endpoint: `${issuer}/token`,
};

let keys: BrowserKeys;
beforeAll(async () => {
  keys = await makeKeys();
});

function idToken(claims: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}

/** An issuer that remembers what was posted to it. */
async function world(over: { discovery?: unknown; claims?: Record<string, unknown> } = {}) {
  const posts: { url: string; form: URLSearchParams; dpop: string }[] = [];
  const ports = { clock: fixedClock(), random: systemRandom };
  const client = createOidcClient({
    origin,
    apiAudience: `${origin}/api`,
    keys,
    dpop: await createDpopSigner(keys.dpop, ports),
    random: systemRandom,
    fetch: async (url, init) => {
      if (url.endsWith('openid-configuration')) return Response.json(over.discovery ?? discovery);
      const form = new URLSearchParams(String(init.body));
      posts.push({ url, form, dpop: new Headers(init.headers).get('dpop') ?? '' });
      if (url.endsWith('/request')) return Response.json({ request_uri: 'urn:x:1' });
      const nonce = posts[0]?.form.get('nonce');
      const claims = { iss: issuer, sub: 'stf_a', aud: 'console', nonce, ...over.claims };
      return Response.json({
        access_token: 'at',
        token_type: 'DPoP',
        expires_in: 300,
        id_token: idToken(claims),
      });
    },
  });
  return { client, posts };
}

describe('the console as a client', () => {
  test('pushes its request with S256, a proof of possession, and the challenge of a step-up', async () => {
    const { client, posts } = await world();
    const pending = await client.begin({ acr: 'phr', maxAgeSeconds: 60 });
    const form = posts[0]!.form;
    expect(Object.fromEntries(form)).toMatchObject({
      client_id: 'console',
      code_challenge_method: 'S256',
      resource: `${origin}/api`,
      redirect_uri: `${origin}/callback.html`,
      acr_values: 'phr',
      max_age: '60',
    });
    expect(form.get('prompt')).toBeNull();
    expect(decodeProtectedHeader(posts[0]!.dpop)).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256' });
    expect(decodeJwt(posts[0]!.dpop)).toMatchObject({ htm: 'POST', htu: `${issuer}/request` });
    expect(new URL(pending.url).searchParams.get('request_uri')).toBe('urn:x:1');
  });

  test('derives the verifier from the state, and it fits the challenge', async () => {
    const { client, posts } = await world();
    const pending = await client.begin({ silent: true });
    expect(posts[0]!.form.get('prompt')).toBe('none');
    await client.finish(
      pending,
      new URLSearchParams({ code: 'c', state: pending.state, iss: issuer }),
    );
    const verifier = posts[1]!.form.get('code_verifier') ?? '';
    expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await digestBase64url(verifier)).toBe(posts[0]!.form.get('code_challenge'));
  });

  test('keeps keys that cannot be taken away', async () => {
    await expect(crypto.subtle.exportKey('jwk', keys.dpop.privateKey)).rejects.toThrow(
      'extractable',
    );
    await expect(crypto.subtle.exportKey('raw', keys.derive)).rejects.toThrow('extractable');
  });

  test.each([
    ['another issuer (RFC 9207)', { iss: 'https://evil.test' }],
    ['another state', { state: 'other' }],
  ])('takes no answer of %s', async (_, wrong) => {
    const { client, posts } = await world();
    const pending = await client.begin({});
    const callback = { code: 'c', state: pending.state, iss: issuer, ...wrong };
    await expect(client.finish(pending, new URLSearchParams(callback))).rejects.toBeInstanceOf(
      NoAnswer,
    );
    expect(posts).toHaveLength(1);
  });

  test.each([
    ['audience', { aud: 'other' }],
    ['nonce', { nonce: 'replayed' }],
    ['issuer', { iss: 'https://evil.test' }],
  ])('takes no ID token of another %s', async (_, claims) => {
    const { client } = await world({ claims });
    const pending = await client.begin({});
    const callback = new URLSearchParams({ code: 'c', state: pending.state, iss: issuer });
    await expect(client.finish(pending, callback)).rejects.toBeInstanceOf(NoAnswer);
  });

  test('hands on the issuer’s refusal by its code', async () => {
    const { client } = await world();
    const pending = await client.begin({ silent: true });
    const callback = new URLSearchParams({
      error: 'login_required',
      state: pending.state,
      iss: issuer,
    });
    await expect(client.finish(pending, callback)).rejects.toEqual(
      new OAuthError('login_required'),
    );
  });

  test('does not follow an issuer that points to another origin', async () => {
    const { client } = await world({
      discovery: { ...discovery, token_endpoint: 'https://evil.test/token' },
    });
    await expect(client.begin({})).rejects.toBeInstanceOf(NoAnswer);
  });

  test('RFC 8693: exchanges for one case, one audience, named actions', async () => {
    const { client, posts } = await world();
    const details = [{ type: 'proofline_case', case_id: 'cse_1', actions: ['invoice:read'] }];
    await client.exchange({ accessToken: 'at', audience: 'https://gw.test', details });
    expect(Object.fromEntries(posts[0]!.form)).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'at',
      resource: 'https://gw.test',
      authorization_details: JSON.stringify(details),
    });
  });
});

describe('a proof of possession', () => {
  test('RFC 9449 §4.2: names method and URL without query, and the token’s hash', async () => {
    const signer = await createDpopSigner(keys.dpop, {
      clock: fixedClock(),
      random: systemRandom,
    });
    const proof = await signer.proof({
      method: 'get',
      url: `${origin}/api/self?x=1#y`,
      accessToken: 'at',
    });
    expect(decodeJwt(proof)).toMatchObject({
      htm: 'GET',
      htu: `${origin}/api/self`,
      ath: await digestBase64url('at'),
    });
    expect(JSON.stringify(decodeProtectedHeader(proof))).not.toContain('"d"');
  });

  test('uses the newest nonce of each origin', async () => {
    const signer = await createDpopSigner(keys.dpop, {
      clock: fixedClock(),
      random: systemRandom,
    });
    const response = new Response(null, { headers: { 'dpop-nonce': 'n1' } });
    expect(signer.noteNonce(`${origin}/a`, response)).toBe(true);
    expect(signer.noteNonce(`${origin}/b`, response)).toBe(false);
    const here = await signer.proof({ method: 'GET', url: `${origin}/c` });
    const elsewhere = await signer.proof({ method: 'GET', url: 'https://gw.test/c' });
    expect(decodeJwt(here)['nonce']).toBe('n1');
    expect(decodeJwt(elsewhere)['nonce']).toBeUndefined();
  });
});
