// @peculiar/x509 asks for the reflect polyfill, which this import brings along; it must come first.
import '@simplewebauthn/server/helpers';
import {
  BasicConstraintsExtension,
  Extension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';
import { createPrivateKey, sign, X509Certificate as NodeCertificate } from 'node:crypto';
import { hexToBytes } from '@proofline/kernel';
import type { AttestationPolicy } from '../types.ts';

/** A {@link TestAuthority} as it is kept between runs. Holds a private key of no worth but to tests. */
export interface TestAuthorityJson {
  readonly aaguid: string;
  /** PEM, leaf first, without the authority itself. */
  readonly chain: readonly string[];
  readonly authorityPem: string;
  readonly batchKeyPem: string;
}

/** A pretended maker of security keys: an authority, one batch certificate, one model. */
export interface TestAuthority {
  readonly aaguid: string;
  /** What a realm must believe for this model to be `phrh`. */
  readonly policy: AttestationPolicy;
  /** A packed attestation's signature (DER) and certificates (DER, leaf first). */
  attest(data: Uint8Array): { readonly signature: Uint8Array; readonly certificates: Uint8Array[] };
  export(): TestAuthorityJson;
}

interface TestAuthorityOptions {
  readonly aaguid?: string;
  /** The batch certificate's validity; default 2020 to 2049. */
  readonly validFrom?: Date;
  readonly validTo?: Date;
  /** Whether the batch certificate may itself issue; an honest one may not. */
  readonly batchIssues?: boolean;
  /** Puts a certificate in between; `powerless` is one that may not issue. */
  readonly intermediate?: 'issuing' | 'powerless';
  /** The model named inside the batch certificate, when it is another one. */
  readonly certifiedAaguid?: string;
}

const AAGUID = 'f1d0b0b0-7e57-4a11-9c0d-0b5e55ed0001';
const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
// id-fido-gen-ce-aaguid (WebAuthn L3 §8.2.1).
const AAGUID_EXTENSION = '1.3.6.1.4.1.45724.1.1.4';

interface Issuer {
  readonly certificate: X509Certificate;
  readonly keys: CryptoKeyPair;
}

/** Makes an authority with fresh keys. The authority's own key is thrown away once it has issued. */
export async function createTestAuthority(
  options: TestAuthorityOptions = {},
): Promise<TestAuthority> {
  const aaguid = options.aaguid ?? AAGUID;
  const root = await makeIssuer({ subject: 'CN=Proofline Test Authority', issues: true });
  const middle =
    options.intermediate &&
    (await makeIssuer({
      subject: 'CN=Proofline Test Intermediate',
      issues: options.intermediate === 'issuing',
      issuer: root,
    }));
  const batch = await makeIssuer({
    subject: 'C=DE, O=Proofline, OU=Authenticator Attestation, CN=Proofline Test Batch',
    issues: options.batchIssues ?? false,
    issuer: middle ?? root,
    aaguid: options.certifiedAaguid ?? aaguid,
    ...(options.validFrom && { validFrom: options.validFrom }),
    ...(options.validTo && { validTo: options.validTo }),
  });
  const batchKey = await crypto.subtle.exportKey('pkcs8', batch.keys.privateKey);
  return importTestAuthority({
    aaguid,
    chain: [batch, ...(middle ? [middle] : [])].map((link) => link.certificate.toString('pem')),
    authorityPem: root.certificate.toString('pem'),
    batchKeyPem: createPrivateKey({ key: Buffer.from(batchKey), format: 'der', type: 'pkcs8' })
      .export({ format: 'pem', type: 'pkcs8' })
      .toString(),
  });
}

/** Brings back an authority that was kept. */
export function importTestAuthority(json: TestAuthorityJson): TestAuthority {
  const key = createPrivateKey(json.batchKeyPem);
  const certificates = json.chain.map((pem) => new Uint8Array(new NodeCertificate(pem).raw));
  return {
    aaguid: json.aaguid,
    policy: {
      authorities: [json.authorityPem],
      allowedAaguids: [json.aaguid],
      statuses: [{ aaguid: json.aaguid, status: 'FIDO_CERTIFIED_L2' }],
    },
    attest: (data) => ({ signature: new Uint8Array(sign('sha256', data, key)), certificates }),
    export: () => json,
  };
}

interface CertificatePlan {
  readonly subject: string;
  readonly issues: boolean;
  readonly issuer?: Issuer;
  readonly aaguid?: string;
  readonly validFrom?: Date;
  readonly validTo?: Date;
}

async function makeIssuer(plan: CertificatePlan): Promise<Issuer> {
  const keys = await crypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    subject: plan.subject,
    issuer: plan.issuer?.certificate.subject ?? plan.subject,
    notBefore: plan.validFrom ?? new Date('2020-01-01T00:00:00Z'),
    notAfter: plan.validTo ?? new Date('2049-12-31T00:00:00Z'),
    publicKey: keys.publicKey,
    signingKey: plan.issuer?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: SIGNING,
    extensions: [
      new BasicConstraintsExtension(plan.issues, undefined, true),
      ...(plan.aaguid ? [aaguidExtension(plan.aaguid)] : []),
    ],
  });
  return { certificate, keys };
}

function aaguidExtension(aaguid: string): Extension {
  const bytes = hexToBytes(aaguid.replaceAll('-', ''));
  if (bytes?.length !== 16) throw new Error(`not an AAGUID: ${aaguid}`);
  // An OCTET STRING of 16 bytes in DER.
  return new Extension(AAGUID_EXTENSION, false, Uint8Array.of(0x04, 0x10, ...bytes));
}
