import { calculateJwkThumbprint, type JWK } from 'jose';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixedClock } from '@proofline/kernel';
import {
  checkSignature,
  contentDigest,
  holdsContentDigest,
  readDictionary,
  signatureBase,
  signatureChecks,
  type InnerList,
  type SignatureExchange,
  type SignedMessage,
} from '../index.ts';

// RFC 9421 appendix B, as published. B.2.1 to B.2.3 and B.2.5 are signed with algorithms that are not
// taken here, and B.2.2 covers a part of a query; B.2.4 is a response. Of those the base is checked where
// it can be written.
const ed25519: JWK = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
};
const p256: JWK = {
  kty: 'EC',
  crv: 'P-256',
  x: 'qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA',
  y: 'Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0',
};
const digest512 =
  'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:';
const clientCert =
  ':MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxB' +
  'IEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZI' +
  'zj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJi' +
  'Ny6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMC' +
  'BsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUC' +
  'IBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:';

const message = (method: string, url: string, headers: Record<string, string>): SignedMessage => ({
  method,
  url,
  header: (name) => headers[name],
});
const request = message('POST', 'https://example.com/foo?param=Value&Pet=dog', {
  date: 'Tue, 20 Apr 2021 02:07:55 GMT',
  'content-type': 'application/json',
  'content-digest': digest512,
  'content-length': '18',
});
const proxied = message('POST', 'https://service.internal.example/foo?param=Value&Pet=dog', {
  'client-cert': clientCert,
});

function inputOf(text: string): InnerList {
  const member = readDictionary(`sig=${text}`)?.get('sig');
  if (!member || !('items' in member)) throw new Error('no inner list');
  return member;
}

interface Published {
  readonly text: string;
  readonly key: JWK;
  readonly value: string;
}

/** The signature alone: what ours must cover, and until when, is another matter. */
async function holds(signed: SignedMessage, { text, key, value }: Published) {
  const exchange: SignatureExchange = {
    message: signed,
    clock: fixedClock(),
    findKey: async () => key,
    input: inputOf(text),
    signature: Uint8Array.from(Buffer.from(value, 'base64')),
    covered: [],
    keyid: await calculateJwkThumbprint(key),
    nonce: '',
    createdSeconds: 0,
    expiresSeconds: 0,
    key,
  };
  return signatureChecks.find(({ name }) => name === 'signature')!.holds(exchange);
}

describe('RFC 9421, appendix B', () => {
  it('B.2.1 and B.2.3: writes the base as published', () => {
    const minimal = '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"';
    expect(signatureBase(inputOf(minimal), request)).toBe(`"@signature-params": ${minimal}`);
    const full =
      '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" ' +
      '"content-length");created=1618884473;keyid="test-key-rsa-pss"';
    expect(signatureBase(inputOf(full), request)?.split('\n')).toEqual([
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@query": ?param=Value&Pet=dog',
      '"@authority": example.com',
      '"content-type": application/json',
      `"content-digest": ${digest512}`,
      '"content-length": 18',
      `"@signature-params": ${full}`,
    ]);
  });
  it('B.2.6: takes the ed25519 signature of the request, and of no other', async () => {
    const input =
      '("date" "@method" "@path" "@authority" "content-type" "content-length")' +
      ';created=1618884473;keyid="test-key-ed25519"';
    const value =
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==';
    expect(await holds(request, { text: input, key: ed25519, value })).toBe(true);
    expect(await holds({ ...request, method: 'PUT' }, { text: input, key: ed25519, value })).toBe(
      false,
    );
    expect(await holds(request, { text: input, key: p256, value })).toBe(false);
  });
  it('B.3: takes the ecdsa-p256-sha256 signature of a proxy', async () => {
    const input =
      '("@path" "@query" "@method" "@authority" "client-cert")' +
      ';created=1618884473;keyid="test-key-ecc-p256"';
    const value =
      'xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==';
    expect(await holds(proxied, { text: input, key: p256, value })).toBe(true);
    const elsewhere = {
      ...proxied,
      url: 'https://service.internal.example/foo?param=value&Pet=dog',
    };
    expect(await holds(elsewhere, { text: input, key: p256, value })).toBe(false);
  });
  it('B.4: survives what is not covered, and nothing else', async () => {
    const input =
      '("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"';
    const value =
      'ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==';
    const accept = { accept: 'application/json, */*' };
    const url = 'https://example.org/demo?name1=Value1&Name2=value2';
    const transformed = (over: Partial<SignedMessage>) =>
      holds({ ...message('GET', url, accept), ...over }, { text: input, key: ed25519, value });
    expect(await transformed({})).toBe(true);
    expect(await transformed({ url: `${url}&param=added` })).toBe(true);
    expect(await transformed({ url: 'https://EXAMPLE.org:443/demo' })).toBe(true);
    expect(await transformed({ method: 'POST' })).toBe(false);
    expect(await transformed({ url: 'https://example.com/demo' })).toBe(false);
    expect(await transformed({ header: () => '*/*, application/json' })).toBe(false);
    expect(await transformed({ header: () => undefined })).toBe(false);
  });
  it('B.2: the digest of the body is the published one (RFC 9530)', async () => {
    const body = new TextEncoder().encode('{"hello": "world"}');
    expect(await holdsContentDigest(digest512, body)).toBe(true);
    expect(await contentDigest(body)).toBe(
      'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
    );
  });
});

describe('docs/guides/sign-requests.md', () => {
  it('shows a request that is taken as it stands, and what was signed', async () => {
    const guide = readFileSync(
      new URL('../../../docs/guides/sign-requests.md', import.meta.url),
      'utf8',
    );
    const block = (name: string) =>
      new RegExp(`\`\`\`${name}\\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1]?.trimEnd() ?? '';
    const [head = '', body = ''] = block('http example').split('\n\n');
    const [line = '', ...fields] = head.split('\n');
    const headers = Object.fromEntries(
      fields.map((field) => [field.split(': ')[0]!.toLowerCase(), field.replace(/^[^:]*: /, '')]),
    );
    const [method = '', path = ''] = line.split(' ');
    const shown = message(method, `https://${headers['host']}${path}`, headers);
    const clock = { now: () => 1_795_000_030_000 };
    const findKey = async (keyid: string) =>
      keyid === (await calculateJwkThumbprint(ed25519)) ? ed25519 : undefined;
    expect(await checkSignature({ message: shown, clock, findKey })).toMatchObject({ ok: true });
    const bytes = new TextEncoder().encode(body);
    expect(await holdsContentDigest(headers['content-digest'], bytes)).toBe(true);
    expect(headers['content-length']).toBe(String(bytes.length));
    const input = inputOf(headers['signature-input']!.replace('sig=', ''));
    expect(block('text base')).toBe(signatureBase(input, shown));
  });
});
