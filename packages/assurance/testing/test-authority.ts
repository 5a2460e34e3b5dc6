// First: it brings along the polyfill that @peculiar/x509 asks for.
import { makeCertificate, privatePemOf } from './test-certificate.ts';
import { Extension } from '@peculiar/x509';
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
// id-fido-gen-ce-aaguid (WebAuthn L3 §8.2.1).
const AAGUID_EXTENSION = '1.3.6.1.4.1.45724.1.1.4';

/** Makes an authority with fresh keys. The authority's own key is thrown away once it has issued. */
export async function createTestAuthority(
  options: TestAuthorityOptions = {},
): Promise<TestAuthority> {
  const aaguid = options.aaguid ?? AAGUID;
  const root = await makeCertificate({ subject: 'CN=Proofline Test Authority', issues: true });
  const middle =
    options.intermediate &&
    (await makeCertificate({
      subject: 'CN=Proofline Test Intermediate',
      issues: options.intermediate === 'issuing',
      issuer: root,
    }));
  const batch = await makeCertificate({
    subject: 'C=DE, O=Proofline, OU=Authenticator Attestation, CN=Proofline Test Batch',
    issues: options.batchIssues ?? false,
    issuer: middle ?? root,
    extensions: [aaguidExtension(options.certifiedAaguid ?? aaguid)],
    ...(options.validFrom && { validFrom: options.validFrom }),
    ...(options.validTo && { validTo: options.validTo }),
  });
  return importTestAuthority({
    aaguid,
    chain: [batch, ...(middle ? [middle] : [])].map((link) => link.certificate.toString('pem')),
    authorityPem: root.certificate.toString('pem'),
    batchKeyPem: await privatePemOf(batch),
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

function aaguidExtension(aaguid: string): Extension {
  const bytes = hexToBytes(aaguid.replaceAll('-', ''));
  if (bytes?.length !== 16) throw new Error(`not an AAGUID: ${aaguid}`);
  // An OCTET STRING of 16 bytes in DER.
  return new Extension(AAGUID_EXTENSION, false, Uint8Array.of(0x04, 0x10, ...bytes));
}
