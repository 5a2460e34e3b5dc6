import { createHash, createHmac, createPrivateKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { algorithms, ns } from '../names.ts';
import type { SamlKey } from '../signing-keys.ts';
import { selfSigned } from '../testing/self-signed.ts';
import { authnRequest, signedPost } from '../testing/test-service-provider.ts';
import { canonicalXml } from '../xml/canonical-xml.ts';
import { parseXml, XmlRefused } from '../xml/parse-xml.ts';
import { whyNotSigned } from './verify-enveloped.ts';

let key: SamlKey;
let other: SamlKey;
let ec: SamlKey;
let weak: SamlKey;
beforeAll(async () => {
  [key, other, ec, weak] = await Promise.all([
    selfSigned(),
    selfSigned(),
    selfSigned('ec'),
    selfSigned('rsa-1024'),
  ]);
});

const parse = (xml: string) => parseXml(xml, { charsMax: 100_000 });
const whyNot = (xml: string, certificates = [key.certificate]): string | undefined => {
  try {
    return whyNotSigned(parse(xml), certificates);
  } catch (error) {
    if (error instanceof XmlRefused) return error.internal;
    throw error;
  }
};

const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const more = 'http://www.w3.org/2001/04/xmldsig-more#';

interface Crafting {
  readonly method?: string;
  readonly digestMethod?: string;
  readonly canonical?: string;
  readonly transforms?: readonly string[];
  readonly uri?: string;
  readonly references?: number;
  /** Signs the octets; by default as the method says, with the key. */
  readonly by?: (text: string) => Buffer;
  readonly object?: string;
}

/** A signature whose parts are all the attacker's choice, and whose mathematics is right. */
function craft(xml: string, crafting: Crafting = {}): string {
  const { transforms = [algorithms.enveloped, algorithms.exclusive], digestMethod = sha256 } =
    crafting;
  const { method = algorithms.rsaSha256, canonical = algorithms.exclusive } = crafting;
  const id = /ID="([^"]*)"/.exec(xml)?.[1] ?? '';
  const hash = digestMethod.endsWith('sha1') ? 'sha1' : 'sha256';
  const digest = createHash(hash)
    .update(canonicalXml(parse(xml)))
    .digest('base64');
  const transform = transforms.map((name) => `<ds:Transform Algorithm="${name}"/>`).join('');
  const reference = `<ds:Reference URI="${crafting.uri ?? `#${id}`}"><ds:Transforms>${transform}</ds:Transforms><ds:DigestMethod Algorithm="${digestMethod}"/><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`;
  const info = `<ds:SignedInfo xmlns:ds="${ns.signature}"><ds:CanonicalizationMethod Algorithm="${canonical}"/><ds:SignatureMethod Algorithm="${method}"/>${reference.repeat(crafting.references ?? 1)}</ds:SignedInfo>`;
  const text = canonicalXml(parse(info));
  const by =
    crafting.by ??
    ((octets) =>
      sign(method.endsWith('sha1') ? 'sha1' : 'sha256', Buffer.from(octets), {
        key: createPrivateKey(key.privateKeyPem),
      }));
  const signature = `<ds:Signature xmlns:ds="${ns.signature}">${info}<ds:SignatureValue>${by(text).toString('base64')}</ds:SignatureValue>${crafting.object ?? ''}</ds:Signature>`;
  return xml.replace('</saml:Issuer>', `</saml:Issuer>${signature}`);
}

describe('a signature within a message', () => {
  it('is believed when samlify made it with the registered key', () => {
    expect(whyNot(signedPost(authnRequest(), key))).toBeUndefined();
    expect(
      whyNot(signedPost(authnRequest(), key), [other.certificate, key.certificate]),
    ).toBeUndefined();
    expect(whyNot(craft(authnRequest()))).toBeUndefined();
  });
  it('is believed when it is an elliptic one', () => {
    const by = (text: string) =>
      sign('sha256', Buffer.from(text), {
        key: createPrivateKey(ec.privateKeyPem),
        dsaEncoding: 'ieee-p1363',
      });
    const signed = craft(authnRequest(), { method: `${more}ecdsa-sha256`, by });
    expect(whyNot(signed, [ec.certificate])).toBeUndefined();
    expect(whyNot(signed)).toBe('signature');
  });
  it('is digested as others digest it, whatever the message looks like', () => {
    const text = fc.constantFrom(
      'x',
      '&amp;',
      '&lt;',
      ' ',
      '\n',
      'é',
      '𝔸',
      '&#xD;',
      '&#x9;',
      '"',
      "'",
    );
    const texts = fc.array(text, { maxLength: 6 }).map((parts) => parts.join(''));
    const value = texts.map((one) => one.replaceAll('"', '&quot;'));
    fc.assert(
      fc.property(texts, value, value, (inner, one, two) => {
        const strange = `<e  xmlns:unused="urn:u" b:y='1'\n a="2"/>${inner}`;
        const named = `<b:c xmlns:b="urn:b" xmlns="urn:d" z="${one}" b:a="${two}">${strange}</b:c>`;
        const extension = `<samlp:Extensions>${named}<f xmlns="urn:f"><g xmlns=""/></f></samlp:Extensions>`;
        expect(whyNot(signedPost(authnRequest({ inner: extension }), key))).toBeUndefined();
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  const evil = (xml: string) => xml.replace('ForceAuthn="true"', 'ForceAuthn="false"');
  const forced = () => authnRequest({ attributes: { ForceAuthn: 'true' } });
  const hmac = (hash: string) => (text: string) =>
    createHmac(hash, Buffer.from(key.certificate, 'base64')).update(text).digest();
  it.each<[name: string, xml: () => string, check: string]>([
    ['there is none', () => authnRequest(), 'no-signature'],
    ['an attribute was changed', () => evil(signedPost(forced(), key)), 'digest'],
    [
      'a text was changed',
      () => signedPost(authnRequest(), key).replace('crm.example/saml<', 'crm.example/samI<'),
      'digest',
    ],
    [
      'another key made it, and brings its certificate',
      () => signedPost(authnRequest(), other),
      'signature',
    ],
    [
      'an HMAC is keyed with the public certificate',
      () => craft(authnRequest(), { method: `${more}hmac-sha256`, by: hmac('sha256') }),
      'signature-algorithm',
    ],
    [
      'it is an HMAC of SHA-1',
      () =>
        craft(authnRequest(), {
          method: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
          by: hmac('sha1'),
        }),
      'signature-algorithm',
    ],
    [
      'it is RSA with SHA-1',
      () => craft(authnRequest(), { method: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }),
      'signature-algorithm',
    ],
    [
      'its algorithm is a name of the prototype',
      () => craft(authnRequest(), { method: 'constructor' }),
      'signature-algorithm',
    ],
    [
      'an RSA signature says that it is elliptic',
      () => craft(authnRequest(), { method: `${more}ecdsa-sha256` }),
      'signature',
    ],
    [
      'the digest is SHA-1',
      () => craft(authnRequest(), { digestMethod: 'http://www.w3.org/2000/09/xmldsig#sha1' }),
      'digest',
    ],
    [
      'a transform is a stylesheet',
      () =>
        craft(authnRequest(), {
          transforms: [algorithms.enveloped, 'http://www.w3.org/TR/1999/REC-xslt-19991116'],
        }),
      'transforms-are-the-two',
    ],
    [
      'a transform is XPath',
      () =>
        craft(authnRequest(), {
          transforms: [
            algorithms.enveloped,
            'http://www.w3.org/TR/1999/REC-xpath-19991116',
            algorithms.exclusive,
          ],
        }),
      'transforms-are-the-two',
    ],
    [
      'nothing is left out of what is signed',
      () => craft(authnRequest(), { transforms: [algorithms.exclusive] }),
      'transforms-are-the-two',
    ],
    [
      'the form keeps comments',
      () => craft(authnRequest(), { canonical: `${algorithms.exclusive}WithComments` }),
      'exclusive-canonical-form',
    ],
    [
      'it is about the whole document without an id',
      () => craft(authnRequest(), { uri: '' }),
      'reference-is-to-the-root',
    ],
    [
      'it is about another element',
      () => craft(authnRequest(), { uri: '#_other' }),
      'reference-is-to-the-root',
    ],
    [
      'it is about something elsewhere',
      () => craft(authnRequest(), { uri: 'https://evil.example/x' }),
      'reference-is-to-the-root',
    ],
    ['it is about two things', () => craft(authnRequest(), { references: 2 }), 'twice Reference'],
    ['it is empty', () => craft(authnRequest(), { by: () => Buffer.alloc(0) }), 'signature'],
  ])('is not believed when %s', (_name, xml, check) => {
    expect(whyNot(xml())).toBe(check);
  });

  it('is not believed when a small key made it, even a registered one', () => {
    expect(whyNot(signedPost(authnRequest(), weak), [weak.certificate])).toBe('signature');
  });
});

describe('signature wrapping', () => {
  const signed = () => signedPost(authnRequest({ id: '_honest00' }), key);
  const signatureOf = (xml: string) => /<ds:Signature .*<\/ds:Signature>/s.exec(xml)?.[0] ?? '';
  const without = (xml: string) => xml.replace(signatureOf(xml), '');
  /** The attacker's own request, with something of theirs put in. */
  const forged = (inner: string, id = '_evil0000') =>
    authnRequest({ id, inner, attributes: { ForceAuthn: 'false' } });

  it.each<[name: string, xml: () => string]>([
    [
      'the signed message lies in an extension (XSW1)',
      () => forged(`<samlp:Extensions>${signed()}</samlp:Extensions>`),
    ],
    [
      'the signature comes along, what it signs lies in an extension (XSW2)',
      () =>
        forged(`${signatureOf(signed())}<samlp:Extensions>${without(signed())}</samlp:Extensions>`),
    ],
    [
      'what is signed lies within the signature (XSW3)',
      () =>
        forged(
          signatureOf(signed()).replace(
            '</ds:Signature>',
            `<ds:Object>${without(signed())}</ds:Object></ds:Signature>`,
          ),
        ),
    ],
    [
      'both have the same id (XSW4)',
      () =>
        forged(
          `${signatureOf(signed())}<samlp:Extensions>${without(signed())}</samlp:Extensions>`,
          '_honest00',
        ),
    ],
    [
      'the same id is written otherwise',
      () =>
        forged(
          `${signatureOf(signed())}<samlp:Extensions><x Id="_honest00"/></samlp:Extensions>`,
          '_honest00',
        ),
    ],
    [
      'there are two signatures',
      () =>
        signed().replace(
          '</samlp:AuthnRequest>',
          `<samlp:Extensions>${signatureOf(signed())}</samlp:Extensions></samlp:AuthnRequest>`,
        ),
    ],
    [
      'there are two at the same place',
      () =>
        signed().replace('</samlp:AuthnRequest>', `${signatureOf(signed())}</samlp:AuthnRequest>`),
    ],
    [
      'the honest message is wrapped in another root',
      () =>
        `<samlp:AuthnRequest xmlns:samlp="${ns.protocol}" ID="_evil0000">${signed()}</samlp:AuthnRequest>`,
    ],
  ])('is refused: %s', (_name, xml) => {
    expect(whyNot(xml())).toBeTypeOf('string');
  });
  it('is what these are: without the wrapping the signature is good', () => {
    expect(whyNot(signed())).toBeUndefined();
  });
});
