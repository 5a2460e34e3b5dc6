import { beforeAll, describe, expect, it } from 'vitest';
import { SamlRefused } from '../saml-refused.ts';
import { readSamlKeys } from '../read-saml-keys.ts';
import type { SamlKey } from '../signing-keys.ts';
import { selfSigned } from '../testing/self-signed.ts';
import { readServiceProviderMetadata } from './read-metadata.ts';

let key: SamlKey;
let other: SamlKey;
let weak: SamlKey;
let ec: SamlKey;
beforeAll(async () => {
  [key, other, weak, ec] = await Promise.all([
    selfSigned(),
    selfSigned(),
    selfSigned('rsa-1024'),
    selfSigned('ec'),
  ]);
});

const keyDescriptor = (use: string, certificate: string) =>
  `<KeyDescriptor${use}><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>\n${certificate}\n</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`;
const consumer = (location: string, binding = 'HTTP-POST', more = '') =>
  `<AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${location}" index="1"${more}/>`;
const metadata = (inner: string, more = '') =>
  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://tool.example"><SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"${more}>${inner}</SPSSODescriptor></EntityDescriptor>`;
const fine = 'https://tool.example/acs';

const why = (xml: string): string => {
  try {
    readServiceProviderMetadata(xml);
    return 'it was read';
  } catch (error) {
    return error instanceof SamlRefused ? error.check : `another error: ${String(error)}`;
  }
};

describe('metadata of a service provider', () => {
  it('says where answers go, by which key requests come, and under which assertions are put', () => {
    const inner = [
      keyDescriptor(' use="signing"', key.certificate),
      keyDescriptor('', other.certificate),
      '<!-- written by hand -->',
      consumer('https://tool.example/artifact', 'HTTP-Artifact'),
      consumer(fine, 'HTTP-POST', ' isDefault="true"'),
    ].join('\n');
    expect(readServiceProviderMetadata(metadata(inner))).toEqual({
      entityId: 'https://tool.example',
      assertionConsumers: [{ url: fine, index: 1, isDefault: true }],
      logout: [],
      signingCertificates: [key.certificate, other.certificate],
      encryptionCertificate: other.certificate,
    });
  });
  it.each<[name: string, xml: () => string, check: string]>([
    [
      'an external entity',
      () => `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${metadata('&e;')}`,
      'xml',
    ],
    ['an address without https', () => metadata(consumer('http://tool.example/acs')), 'address'],
    ['a script as address', () => metadata(consumer('javascript:alert(1)')), 'address'],
    [
      'credentials in an address',
      () => metadata(consumer('https://a:b@tool.example/acs')),
      'address',
    ],
    ['a fragment in an address', () => metadata(consumer(`${fine}#x`)), 'address'],
    [
      'no address for a form',
      () => metadata(consumer(fine, 'HTTP-Artifact')),
      'no-assertion-consumer',
    ],
    [
      'a small key',
      () => metadata(keyDescriptor('', weak.certificate) + consumer(fine)),
      'certificate',
    ],
    [
      'something that is no certificate',
      () => metadata(keyDescriptor('', 'AAAA') + consumer(fine)),
      'certificate',
    ],
    [
      'an elliptic key to encrypt under',
      () => metadata(keyDescriptor('', ec.certificate) + consumer(fine)),
      'encryption-key',
    ],
    [
      'requests to be signed, by no key',
      () => metadata(consumer(fine), ' AuthnRequestsSigned="true"'),
      'no-signing-certificate',
    ],
    [
      'a certificate cut by a comment',
      () => metadata(keyDescriptor('', `${key.certificate}<!-- -->`) + consumer(fine)),
      'xml',
    ],
    [
      'many entities',
      () =>
        `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${metadata(consumer(fine))}</EntitiesDescriptor>`,
      'no-entity-descriptor',
    ],
    [
      'an identity provider',
      () => metadata('').replaceAll('SPSSODescriptor', 'IDPSSODescriptor'),
      'no-service-provider',
    ],
    ['more than is read', () => metadata(' '.repeat(50_000)), 'xml'],
    ['a page', () => '<html><body>Sign in</body></html>', 'no-entity-descriptor'],
  ])('is refused with %s', (_name, xml, check) => {
    expect(why(xml())).toBe(check);
  });
});

describe('our own keys, as the operator gives them', () => {
  const certificatePem = ({ certificate }: SamlKey) =>
    `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`;
  const pair = (one: SamlKey) => one.privateKeyPem + certificatePem(one);

  it('sign with the first pair and publish all', () => {
    const keys = readSamlKeys(pair(key) + pair(other));
    expect(keys.current().certificate).toBe(key.certificate);
    expect(keys.published()).toEqual([key.certificate, other.certificate]);
  });
  it.each<[name: string, pem: () => string]>([
    ['nothing', () => ''],
    ['a key alone', () => key.privateKeyPem],
    ['a certificate alone', () => certificatePem(key)],
    ['a certificate of another key', () => key.privateKeyPem + certificatePem(other)],
    ['a small key', () => pair(weak)],
    ['an elliptic key', () => pair(ec)],
  ])('are refused: %s', (_name, pem) => {
    expect(() => readSamlKeys(pem())).toThrow(/^(must|holds)/);
  });
});
