import { deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { SamlRefused } from '../saml-refused.ts';
import type { SamlKey } from '../signing-keys.ts';
import { selfSigned } from '../testing/self-signed.ts';
import { authnRequest, signedPost, signedQuery } from '../testing/test-service-provider.ts';
import { readPostMessage, readRedirectMessage } from './read-message.ts';

let key: SamlKey;
let other: SamlKey;
let ec: SamlKey;
beforeAll(async () => {
  [key, other, ec] = await Promise.all([selfSigned(), selfSigned(), selfSigned('ec')]);
});

const why = (read: () => unknown): string => {
  try {
    read();
    return 'it was read';
  } catch (error) {
    return error instanceof SamlRefused ? error.check : `another error: ${String(error)}`;
  }
};
const packed = (text: string | Buffer) =>
  encodeURIComponent(deflateRawSync(text).toString('base64'));
const rsa = encodeURIComponent('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256');

describe('a message in a query', () => {
  const whyNot = (query: string, certificates = [key.certificate]) =>
    readRedirectMessage(query).whyNotSignedBy(certificates);

  it('is signed by whoever holds the registered key, over exactly what was sent', () => {
    const query = signedQuery(authnRequest(), key, { relayState: 'a b&c' });
    expect(readRedirectMessage(query).relayState).toBe('a b&c');
    expect(whyNot(query)).toBeUndefined();
    expect(whyNot(query, [other.certificate])).toBe('signature');
    expect(whyNot(query.replace('a%20b', 'a%20c'))).toBe('signature');
    // Another spelling of the same is not what was signed.
    expect(whyNot(query.replace('a%20b', 'a+b'))).toBe('signature');
    expect(whyNot(query.replace(/&RelayState=[^&]*/, ''))).toBe('signature');
  });
  it('takes an elliptic signature from an elliptic key alone', () => {
    const algorithm = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';
    const query = signedQuery(authnRequest(), ec, { algorithm });
    expect(whyNot(query, [ec.certificate])).toBeUndefined();
    expect(whyNot(query)).toBe('signature');
    expect(whyNot(query.replace('ecdsa', 'rsa'), [ec.certificate])).toBe('signature');
  });
  it.each(['http://www.w3.org/2000/09/xmldsig#rsa-sha1', 'none', '', '__proto__'])(
    'is not believed under the algorithm %j',
    (algorithm) => {
      expect(whyNot(signedQuery(authnRequest(), key, { algorithm }))).toBe('signature');
    },
  );
  it.each<[name: string, query: () => string, check: string]>([
    ['two requests', () => `SAMLRequest=${packed(authnRequest())}&SAMLRequest=x`, 'query'],
    ['a request and a response', () => `SAMLRequest=${packed('<a/>')}&SAMLResponse=x`, 'query'],
    ['two relay states', () => `SAMLRequest=${packed('<a/>')}&RelayState=a&RelayState=b`, 'query'],
    [
      'an algorithm without a signature',
      () => `SAMLRequest=${packed('<a/>')}&SigAlg=${rsa}`,
      'query',
    ],
    ['an encoding of its own', () => `SAMLRequest=${packed('<a/>')}&SAMLEncoding=x`, 'query'],
    ['nothing', () => '', 'query'],
    ['half an escape', () => 'SAMLRequest=%E0%A4%A', 'query'],
    ['no base64', () => 'SAMLRequest=%3Ca%2F%3E', 'encoding'],
    [
      'what is not deflated',
      () => `SAMLRequest=${encodeURIComponent(Buffer.from('<a/>').toString('base64'))}`,
      'encoding',
    ],
    ['a bomb', () => `SAMLRequest=${packed(Buffer.alloc(50_000_000, 32))}`, 'encoding'],
    ['an entity', () => `SAMLRequest=${packed('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')}`, 'xml'],
  ])('is refused: %s', (_name, query, check) => {
    expect(why(() => readRedirectMessage(query()))).toBe(check);
  });
});

describe('a message in a form', () => {
  const form = (xml: string, more: Record<string, string> = {}) =>
    new URLSearchParams({ SAMLRequest: Buffer.from(xml).toString('base64'), ...more });

  it('is signed within', () => {
    const read = readPostMessage(form(signedPost(authnRequest(), key)));
    expect(read.isSigned).toBe(true);
    expect(read.whyNotSignedBy([key.certificate])).toBeUndefined();
    expect(read.whyNotSignedBy([other.certificate])).toBe('signature');
    expect(readPostMessage(form(authnRequest())).whyNotSignedBy([key.certificate])).toBe(
      'no-signature',
    );
  });
  it('does not borrow the signature of a query', () => {
    const algorithm = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
    const read = readPostMessage(form(authnRequest(), { SigAlg: algorithm, Signature: 'AAAA' }));
    expect(read.isSigned).toBe(false);
  });
  it('is refused with a relay state that nobody needs, twice, or empty', () => {
    expect(why(() => readPostMessage(form('<a/>', { RelayState: 'r'.repeat(513) })))).toBe(
      'relay-state-size',
    );
    const twice = form('<a/>');
    twice.append('SAMLRequest', 'AAAA');
    expect(why(() => readPostMessage(twice))).toBe('query');
    expect(why(() => readPostMessage(new URLSearchParams()))).toBe('query');
    expect(why(() => readPostMessage(form('')))).toBe('encoding');
    expect(why(() => readPostMessage(form(`<a>${'x'.repeat(60_000)}</a>`)))).toBe('encoding');
  });
});
