import { verify, X509Certificate } from 'node:crypto';
import { base64urlToBytes, err, ok, type Result } from '@proofline/kernel';
import { isRooted } from '../attestation-chain.ts';
import type { ModelMetadata } from '../types.ts';
import { readMetadataEntry } from './metadata-entry.ts';

/** A metadata blob that was verified. */
export interface MetadataBlob {
  /** Its serial number; a newer blob has a higher one (MDS3 §3.1.6). */
  readonly no: number;
  /** When the next one is due, in milliseconds since the Unix epoch: the end of that day. */
  readonly nextUpdateMs: number;
  readonly models: ReadonlyMap<string, ModelMetadata>;
}

/** Why a blob is not believed. */
export type MetadataFault =
  | 'too-large'
  | 'malformed'
  | 'algorithm-not-allowed'
  | 'chain-untrusted'
  | 'signer-wrong'
  | 'signature-wrong'
  | 'payload-malformed'
  | 'number-went-back';

interface BlobTerms {
  /** The blob as it is published: a JWT in compact form (MDS3 §3.1.7). */
  readonly jwt: string;
  /** PEM. None: nobody is believed. */
  readonly roots: readonly string[];
  /** The DNS name in the signer's certificate. Roots of public authorities issue for anybody. */
  readonly signer: string;
  readonly nowMs: number;
  /** The number of the blob before, if there was one. */
  readonly after?: number;
}

/** The published blob has about ten megabytes; nobody's may fill the memory. */
export const METADATA_BLOB_MAX_BYTES = 48 * 1024 * 1024;
const ENTRIES_MAX = 50_000;
const CERTIFICATES_MAX = 5;

/** JWS algorithms (RFC 7518 §3.1) as `node:crypto` verifies them. */
const algorithms = new Map<
  string,
  { readonly keyType: 'rsa' } | { readonly keyType: 'ec'; readonly dsaEncoding: 'ieee-p1363' }
>([
  ['RS256', { keyType: 'rsa' }],
  ['ES256', { keyType: 'ec', dsaEncoding: 'ieee-p1363' }],
]);

/**
 * Verifies a blob of the FIDO Metadata Service offline and reads what it says of each model (MDS3
 * §3.2, steps 3 to 7). The library's own function trusts any certificate under a root, asks the
 * network about revocation, and keeps neither the status reports nor the number.
 */
export function readMetadataBlob(terms: BlobTerms): Result<MetadataBlob, MetadataFault> {
  if (terms.jwt.length > METADATA_BLOB_MAX_BYTES) return err('too-large');
  const parts = readParts(terms.jwt);
  if (parts === undefined) return err('malformed');
  const fault = signerFault(parts, terms) ?? (isSigned(parts) ? undefined : 'signature-wrong');
  if (fault !== undefined) return err(fault);
  const blob = readPayload(readJson(parts.body), terms.nowMs);
  if (blob === undefined) return err('payload-malformed');
  if (terms.after !== undefined && blob.no < terms.after) return err('number-went-back');
  return ok(blob);
}

/** The parts of a JWS in compact form (RFC 7515 §7.1), not yet believed. */
interface Parts {
  readonly alg: string;
  readonly certificates: readonly Uint8Array[];
  readonly signed: Uint8Array;
  readonly body: string;
  readonly signature: Uint8Array;
}

function readParts(jwt: string): Parts | undefined {
  const [head, body, tail, ...more] = jwt.trim().split('.');
  const signature = base64urlToBytes(tail ?? '');
  const header = readJson(head);
  const certificates = header && readCertificates(header['x5c']);
  if (more.length > 0 || body === undefined || !signature || !certificates) return undefined;
  const signed = new TextEncoder().encode(`${head}.${body}`);
  return { alg: String(header['alg']), certificates, signed, body, signature };
}

function signerFault({ alg, certificates }: Parts, terms: BlobTerms): MetadataFault | undefined {
  if (!algorithms.has(alg)) return 'algorithm-not-allowed';
  const { nowMs, roots: authorities } = terms;
  if (!isRooted({ certificates, authorities, nowMs })) return 'chain-untrusted';
  const [leaf] = certificates;
  const named = leaf && new X509Certificate(leaf).checkHost(terms.signer, { subject: 'never' });
  return named === undefined ? 'signer-wrong' : undefined;
}

function isSigned({ alg, certificates, signed, signature }: Parts): boolean {
  try {
    const [leaf] = certificates;
    const algorithm = algorithms.get(alg);
    if (leaf === undefined || algorithm === undefined) return false;
    const key = new X509Certificate(leaf).publicKey;
    if (key.asymmetricKeyType !== algorithm.keyType) return false;
    const input = 'dsaEncoding' in algorithm ? { key, dsaEncoding: algorithm.dsaEncoding } : key;
    return verify('sha256', signed, input, signature);
  } catch {
    return false;
  }
}

function readPayload(
  payload: Record<string, unknown> | undefined,
  nowMs: number,
): MetadataBlob | undefined {
  const { entries, nextUpdate, no } = payload ?? {};
  if (typeof no !== 'number' || !Number.isSafeInteger(no) || no < 0) return undefined;
  if (typeof nextUpdate !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(nextUpdate)) return undefined;
  const nextUpdateMs = Date.parse(`${nextUpdate}T23:59:59.999Z`);
  if (Number.isNaN(nextUpdateMs)) return undefined;
  if (!Array.isArray(entries) || entries.length > ENTRIES_MAX) return undefined;
  const models = new Map<string, ModelMetadata>();
  for (const entry of entries) {
    const model = readMetadataEntry(entry, nowMs);
    if (model === 'malformed') return undefined;
    if (model === 'other-protocol') continue;
    // Two entries for one model would leave open which of them counts.
    if (models.has(model.aaguid)) return undefined;
    models.set(model.aaguid, model.metadata);
  }
  return { no, nextUpdateMs, models };
}

function readJson(part: string | undefined): Record<string, unknown> | undefined {
  try {
    const bytes = base64urlToBytes(part ?? '');
    if (bytes === undefined) return undefined;
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return { ...value };
  } catch {
    return undefined;
  }
}

// RFC 7515 §4.1.6: base64 with padding, leaf first.
function readCertificates(x5c: unknown): readonly Uint8Array[] | undefined {
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > CERTIFICATES_MAX) return undefined;
  const texts = x5c.filter((item): item is string => typeof item === 'string');
  return texts.length === x5c.length
    ? texts.map((text) => new Uint8Array(Buffer.from(text, 'base64')))
    : undefined;
}
