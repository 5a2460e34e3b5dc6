// First: it brings along the polyfill that @peculiar/x509 asks for.
import { makeCertificate, privatePemOf } from './test-certificate.ts';
import { SubjectAlternativeNameExtension } from '@peculiar/x509';
import { createPrivateKey, sign } from 'node:crypto';
import { bytesToBase64url } from '@proofline/kernel';
import type { TestAuthority } from './test-authority.ts';

/** A status report as a blob words it. */
export interface TestStatusReport {
  readonly status: string;
  /** `2026-11-21`. */
  readonly effectiveDate?: string;
}

interface BlobPlan {
  readonly no: number;
  /** `2026-12-01`. */
  readonly nextUpdate: string;
  readonly entries: readonly object[];
}

/** A {@link TestMetadata} as it is kept between runs. Its key is of no worth but to tests. */
export interface TestMetadataJson {
  readonly rootPem: string;
  readonly signer: string;
  /** DER in base64, leaf first. */
  readonly x5c: readonly string[];
  readonly keyPem: string;
}

/** A pretended metadata service: its own root, its own signer. */
export interface TestMetadata {
  readonly rootPem: string;
  /** The DNS name in its certificate. */
  readonly signer: string;
  /** Publishes a blob. `header` replaces members of its head. */
  publish(plan: BlobPlan, header?: object): string;
  export(): TestMetadataJson;
}

interface TestMetadataOptions {
  readonly signer?: string;
  readonly validTo?: Date;
}

/** Makes a service with fresh keys. */
export async function createTestMetadata(options: TestMetadataOptions = {}): Promise<TestMetadata> {
  const signer = options.signer ?? 'mds.proofline.test';
  const root = await makeCertificate({ subject: 'CN=Proofline Test Metadata Root', issues: true });
  const leaf = await makeCertificate({
    subject: `CN=${signer}`,
    issues: false,
    issuer: root,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: signer }])],
    ...(options.validTo && { validTo: options.validTo }),
  });
  return importTestMetadata({
    rootPem: root.certificate.toString('pem'),
    signer,
    x5c: [Buffer.from(leaf.certificate.rawData).toString('base64')],
    keyPem: await privatePemOf(leaf),
  });
}

/** Brings back a service that was kept. */
export function importTestMetadata(json: TestMetadataJson): TestMetadata {
  const key = createPrivateKey(json.keyPem);
  return {
    rootPem: json.rootPem,
    signer: json.signer,
    publish(plan, header = {}) {
      const head = { alg: 'ES256', typ: 'JWT', x5c: json.x5c, ...header };
      const payload = { legalHeader: 'Made up, for tests.', ...plan };
      const signed = `${part(head)}.${part(payload)}`;
      const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
      return `${signed}.${bytesToBase64url(new Uint8Array(signature))}`;
    },
    export: () => json,
  };
}

/** What a blob says of the model that a test authority attests. */
export function testMetadataEntry(
  authority: TestAuthority,
  reports: readonly TestStatusReport[] = [{ status: 'FIDO_CERTIFIED_L2' }],
  statement: object = {},
): object {
  return {
    aaguid: authority.aaguid,
    metadataStatement: {
      description: 'Proofline Test Key',
      aaguid: authority.aaguid,
      keyProtection: ['hardware', 'secure_element'],
      attestationRootCertificates: authority.policy.authorities.map((pem) =>
        pem.replaceAll(/-----[A-Z ]+-----|\s/g, ''),
      ),
      ...statement,
    },
    statusReports: reports,
    timeOfLastStatusChange: '2026-11-01',
  };
}

function part(value: object): string {
  return bytesToBase64url(new TextEncoder().encode(JSON.stringify(value)));
}
