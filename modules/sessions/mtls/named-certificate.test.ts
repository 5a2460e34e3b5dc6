// First: it brings along the polyfill that @peculiar/x509 asks for.
import '@simplewebauthn/server/helpers';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type JsonGeneralName,
} from '@peculiar/x509';
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isIssuedBy, nameDigest } from './named-certificate.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const nowMs = Date.UTC(2026, 5, 1);
const pair = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
type Pair = Awaited<ReturnType<typeof pair>>;

interface Issuing {
  readonly by: { readonly name: string; readonly keys: Pair };
  readonly subject?: string;
  readonly others?: readonly JsonGeneralName[];
  readonly from?: string;
  readonly to?: string;
  readonly extensions?: readonly Extension[];
  readonly keys?: Pair;
}

async function issue(given: Issuing): Promise<X509Certificate> {
  const { by, extensions = [], others, subject = 'CN=till, O=Northwind' } = given;
  const made = await X509CertificateGenerator.create({
    subject,
    issuer: by.name,
    notBefore: new Date(given.from ?? '2026-01-01T00:00:00Z'),
    notAfter: new Date(given.to ?? '2027-01-01T00:00:00Z'),
    signingKey: by.keys.privateKey,
    publicKey: (given.keys ?? (await pair())).publicKey,
    signingAlgorithm: algorithm,
    extensions: [
      ...(others ? [new SubjectAlternativeNameExtension([...others])] : []),
      ...extensions,
    ],
  });
  return new X509Certificate(made.toString('pem'));
}

const isCa = (pathLength?: number) => new BasicConstraintsExtension(true, pathLength, true);

async function authority(name: string, more: Partial<Issuing> = {}) {
  const keys = await pair();
  const own = { name, keys };
  const certificate = await issue({ by: own, subject: name, keys, extensions: [isCa(0)], ...more });
  return { ...own, certificate };
}

const ours = await authority('CN=Northwind programs');
const authorities = [ours.certificate];
const counts = (one: X509Certificate, at = nowMs) => isIssuedBy(authorities, one, at);

describe('a certificate that an authority has issued', () => {
  it('counts while it and its authority are in time', async () => {
    expect(counts(await issue({ by: ours }))).toBe(true);
    const clientAuth = new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.2']);
    expect(counts(await issue({ by: ours, extensions: [clientAuth] }))).toBe(true);
    expect(counts(await issue({ by: ours }), Date.UTC(2027, 5, 1))).toBe(false);
    expect(counts(await issue({ by: ours, to: '2026-05-31T00:00:00Z' }))).toBe(false);
    expect(counts(await issue({ by: ours, from: '2026-06-02T00:00:00Z' }))).toBe(false);
    const late = await authority('CN=Late', { to: '2026-05-31T00:00:00Z' });
    expect(isIssuedBy([late.certificate], await issue({ by: late }), nowMs)).toBe(false);
  });

  it('is none of another authority, of one with the same name, or of nobody', async () => {
    const twin = await authority('CN=Northwind programs');
    const other = await authority('CN=Elsewhere');
    for (const by of [twin, other]) expect(counts(await issue({ by }))).toBe(false);
    const self = { name: 'CN=till, O=Northwind', keys: await pair() };
    expect(counts(await issue({ by: self, keys: self.keys }))).toBe(false);
    expect(isIssuedBy([], await issue({ by: ours }), nowMs)).toBe(false);
  });

  it('makes nobody an authority: not a program, nor who is below one that is named', async () => {
    const till = { name: 'CN=till', keys: await pair() };
    const leaf = await issue({ by: ours, subject: till.name, keys: till.keys });
    const below = await issue({ by: till });
    expect(counts(below)).toBe(false);
    // Even where somebody has put a program’s certificate among the authorities.
    expect(isIssuedBy([...authorities, leaf], below, nowMs)).toBe(false);
    const sub = { name: 'CN=Below', keys: await pair() };
    const extensions = [isCa()];
    const subCa = await issue({ by: ours, subject: sub.name, keys: sub.keys, extensions });
    expect(counts(await issue({ by: sub }))).toBe(false);
    // An authority’s own certificate proves no program.
    for (const one of [subCa, ours.certificate]) expect(counts(one)).toBe(false);
  });

  it('is for programs: one for a website alone is not', async () => {
    const serverAuth = new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']);
    expect(counts(await issue({ by: ours, extensions: [serverAuth] }))).toBe(false);
  });
});

describe('the names of a certificate', () => {
  const digest = async (given: Omit<Issuing, 'by'>) =>
    nameDigest(await issue({ by: ours, ...given }));

  it('are the same in the next certificate, whatever its key', async () => {
    const others = [{ type: 'dns', value: 'till.example' }] as const;
    expect(await digest({ others })).toBe(await digest({ others }));
  });

  it('are all of them, in their order and to the letter', async () => {
    const dns = (value: string) => ({ type: 'dns', value }) as const;
    const uri = (value: string) => ({ type: 'url', value }) as const;
    const email = (value: string) => ({ type: 'email', value }) as const;
    const seen = await Promise.all([
      digest({ others: [dns('till.example')] }),
      digest({ others: [dns('till.example'), dns('other.example')] }),
      digest({ others: [dns('other.example'), dns('till.example')] }),
      digest({ others: [dns('TILL.example')] }),
      digest({ others: [dns('*.example')] }),
      digest({ others: [uri('https://till.example')] }),
      digest({ others: [email('till@till.example')] }),
      // One name that reads as two.
      digest({ others: [uri('https://x.example/, DNS:till.example')] }),
      digest({ others: [uri('https://x.example/'), dns('till.example')] }),
      digest({ others: [email('a@b.example, DNS:till.example')] }),
      digest({}),
      digest({ subject: 'CN=till' }),
      digest({ subject: 'O=Northwind, CN=till' }),
      digest({ subject: 'CN=till, O=Northwind, OU=x' }),
      digest({ subject: 'CN=till\\, O=Northwind' }),
      digest({ subject: 'CN=till\\0AO=Northwind' }),
      digest({ subject: 'CN=till+O=Northwind' }),
      digest({ subject: 'CN=Till, O=Northwind' }),
    ]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('are none where it names nobody', async () => {
    expect(await digest({ subject: '' })).toBeUndefined();
  });

  it('are none where one is of a kind that is not read: two people’s would be the same', async () => {
    const der = (tag: number, ...parts: readonly Uint8Array[]) => {
      const body = Buffer.concat(parts);
      return Buffer.from([tag, body.length, ...body]);
    };
    const others = (...names: readonly Uint8Array[]) => ({
      extensions: [new Extension('2.5.29.17', false, der(0x30, ...names))],
    });
    const text = (name: string) => der(0x0c, Buffer.from(name));
    const kind = Buffer.from('06032a0304', 'hex');
    const otherName = (name: string) => der(0xa0, kind, der(0xa0, text(name)));
    const till = der(0x82, Buffer.from('till.example'));
    expect(await digest(others(till))).toBe(
      await digest({ others: [{ type: 'dns', value: 'till.example' }] }),
    );
    const unread = [
      others(otherName('alice')),
      others(otherName('mallory')),
      others(till, otherName('mallory')),
      // ediPartyName, x400Address, an address of five bytes, and what is no name at all.
      others(der(0xa5, der(0xa1, text('mallory')))),
      others(der(0xa3, der(0x30))),
      others(der(0x87, Buffer.from([1, 2, 3, 4, 5]))),
      others(Buffer.from([0x99, 1, 2])),
      // Of two extensions, Node reads the first one.
      { extensions: [...others(till).extensions, ...others(till).extensions] },
    ];
    for (const one of unread) expect(await digest(one)).toBeUndefined();
  });
});
