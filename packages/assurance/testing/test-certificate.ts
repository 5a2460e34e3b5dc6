// @peculiar/x509 asks for the reflect polyfill, which this import brings along; it must come first.
import '@simplewebauthn/server/helpers';
import {
  BasicConstraintsExtension,
  X509CertificateGenerator,
  type Extension,
  type X509Certificate,
} from '@peculiar/x509';
import { createPrivateKey } from 'node:crypto';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** A certificate and the key that it is for. */
export interface TestIssuer {
  readonly certificate: X509Certificate;
  readonly keys: CryptoKeyPair;
}

interface CertificatePlan {
  readonly subject: string;
  /** Whether it may itself issue. */
  readonly issues: boolean;
  /** Without one it is self-signed. */
  readonly issuer?: TestIssuer;
  readonly extensions?: readonly Extension[];
  /** Default: 2020 to 2049. */
  readonly validFrom?: Date;
  readonly validTo?: Date;
}

/** Makes a certificate with a fresh P-256 key. */
export async function makeCertificate(plan: CertificatePlan): Promise<TestIssuer> {
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
      ...(plan.extensions ?? []),
    ],
  });
  return { certificate, keys };
}

/** A private key in PEM. */
export async function privatePemOf({ keys }: TestIssuer): Promise<string> {
  const der = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}
