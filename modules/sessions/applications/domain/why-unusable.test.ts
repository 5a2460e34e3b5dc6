import { ApplicationDraft } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../../demo/mtls-key.ts';
import type { Surroundings } from './surroundings.ts';
import { whyUnusable } from './why-unusable.ts';

const nowMs = Date.parse('2026-11-22T00:00:00Z');
const own: Surroundings = {
  staffOrigin: 'https://staff.example.com',
  customersOrigin: 'https://secure.example.com',
  gatewayOrigin: 'https://gateway.example.com',
  resourceOrigins: ['https://billing.example.com:8443'],
  internalLogoutOrigins: [],
  mtls: { origin: 'https://mtls.example.com:4443' },
  clock: { now: () => nowMs },
};
const { certificate } = await selfSigned('tool.example');

function draft(settings: object, name = 'Wallboard') {
  return {
    name,
    realm: 'workforce',
    policy: { acr: 'phr' },
    settings: {
      protocol: 'oidc',
      kind: 'web',
      redirectUris: ['https://tool.example/callback'],
      proof: { method: 'none' },
      senderBound: true,
      pushedRequests: true,
      ...settings,
    },
  };
}

/** What the contract lets through, and nothing of it refused for another reason. */
const why = (settings: object, name?: string) =>
  whyUnusable(ApplicationDraft.parse(draft(settings, name)), own);

describe('an address of an application', () => {
  it.each([
    'https://staff.example.com/callback.html',
    'https://staff.example.com./callback',
    'https://staff.example.com:8443/callback',
    'https://secure.example.com/callback',
    'https://secure.example.com../callback',
    'https://gateway.example.com/callback',
    'https://gateway.example.com./callback',
    'https://billing.example.com:8443/callback',
    'https://billing.example.com.:8443/callback',
    'https://mtls.example.com/callback',
  ])('is none of ours: %s', (url) => {
    expect(why({ redirectUris: [url] })).toContain('Proofline itself');
    expect(why({ backchannelLogoutUri: url })).toContain('Proofline itself');
    expect(why({ postLogoutRedirectUris: [url] })).toContain('Proofline itself');
  });

  it.each(['https://localhost/x', 'https://wall.localhost./x', 'https://127.0.0.1/x'])(
    'of a website is not on the visitor’s own machine: %s',
    (url) => {
      expect(why({ redirectUris: [url] })).toContain('a program');
      expect(why({ kind: 'native', redirectUris: [url] })).toBeUndefined();
    },
  );

  it.each(['code=x', 'state', 'a=1&iss=https%3A%2F%2Fevil.example', 'response=x', 'er%72or=x'])(
    'brings no parameter of the answer: %s',
    (query) => {
      expect(why({ redirectUris: [`https://tool.example/callback?${query}`] })).toContain('answer');
    },
  );

  it('may be beside ours, and have parameters of its own', () => {
    const fine = ['https://tool.example.com/callback?tenant=1', 'https://billing.example.com/x'];
    expect(why({ redirectUris: fine })).toBeUndefined();
    expect(why({ redirectUris: ['https://notstaff.example.com/'] })).toBeUndefined();
  });
});

it.each([
  'The Proofline console',
  'Proof-line',
  'ＰＲＯＯＦＬＩＮＥ',
  'the command line on this computer!',
])('the name of an application is not ours: %s', (name) => {
  expect(why({}, name)).toContain('This name');
});

describe('a certificate of an application', () => {
  const proof = { method: 'self_signed_tls_client_auth', certificates: [certificate] };
  const mutual = { proof, senderBound: false, certificateBound: true };

  it('is taken, and its tokens are bound to it', () => {
    expect(why(mutual)).toBeUndefined();
  });

  it('has not run out, is no other thing, and stands once', async () => {
    const old = await selfSigned('tool.example', '2026-06-01');
    const of = (...certificates: string[]) => why({ ...mutual, proof: { ...proof, certificates } });
    expect(of(old.certificate)).toContain('expired');
    expect(of(certificate, `${certificate}\n`)).toContain('twice');
    expect(of(certificate.replace(/[A-Za-z]{20}/, 'A'.repeat(20)))).toContain('cannot be read');
    const pasted = { ...mutual, proof: { ...proof, certificates: [old.key + certificate] } };
    expect(ApplicationDraft.safeParse(draft(pasted)).success).toBe(false);
  });

  it('binds to nothing else, and only where one is looked at', () => {
    expect(why({ ...mutual, senderBound: true })).toContain('nothing else');
    expect(why({ certificateBound: true, senderBound: false })).toContain('nothing else');
    const { mtls: _none, ...without } = own;
    expect(whyUnusable(ApplicationDraft.parse(draft(mutual)), without)).toContain('MTLS_ORIGIN');
  });
});
