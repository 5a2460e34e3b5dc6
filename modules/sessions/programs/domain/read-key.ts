import { X509Certificate } from 'node:crypto';
import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError, type ServiceKeyInput, type ServiceProof } from '@proofline/protocol';
import { nameDigest, namesOf } from '../../mtls/named-certificate.ts';
import { calculateJwkThumbprint, importJWK, type JWK } from 'jose';
import type { KeptJwk } from './known-program.ts';

/** A public key as it is kept: the members that name it, and nothing that came with them. */
export interface ReadKey {
  /** RFC 7638 thumbprint; of a certificate that is to prove, its own (`x5t#S256`), or that of its names. */
  readonly kid: string;
  /** Of names, these alone. */
  readonly jwk: KeptJwk;
  /** The end of the certificate that it came in. */
  readonly endsAtMs: number | undefined;
}

// RFC 7517 §4 and RFC 7518 §6: the members that only a private or symmetric key has.
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const invalid = (detail: string) => new ProblemError('service.key-invalid', { detail });

interface Given {
  readonly jwk: Record<string, unknown>;
  readonly endsAtMs: number | undefined;
  /** The certificate itself. */
  readonly der?: Uint8Array;
}

function jwkOfCertificate(text: string): Given {
  try {
    const certificate = new X509Certificate(text);
    return {
      jwk: { ...certificate.publicKey.export({ format: 'jwk' }) },
      endsAtMs: certificate.validToDate.getTime(),
      der: certificate.raw,
    };
  } catch {
    throw invalid('The certificate cannot be read.');
  }
}

/**
 * The public key that somebody uploads. A private one is refused, so that its owner hears that it left
 * their hands; it is written down nowhere. Of whoever proves itself by certificate, the one certificate counts.
 *
 * @throws ProblemError `service.key-invalid`
 */
export async function readKey(
  input: ServiceKeyInput,
  nowMs: number,
  proves: ServiceProof,
): Promise<ReadKey> {
  const given: Given =
    'jwk' in input
      ? { jwk: { ...input.jwk }, endsAtMs: undefined }
      : jwkOfCertificate(input.certificate);
  const isCertified = proves === 'certificate' || proves === 'named-certificate';
  if (isCertified && !given.der) throw invalid('Its certificate is needed.');
  if (privateMembers.some((member) => member in given.jwk)) {
    throw invalid('This is a private key. Make another one, and keep that.');
  }
  if (given.endsAtMs !== undefined && given.endsAtMs <= nowMs) {
    throw invalid('The certificate has expired.');
  }
  if (proves === 'named-certificate') return named(given);
  const jwk = membersOf(given.jwk);
  try {
    // A point that is not on the curve is refused here.
    await importJWK(jwk, jwk.kty === 'OKP' ? 'EdDSA' : 'ES256');
    if (proves === 'certificate' && given.der) return certified(jwk, given.der, given.endsAtMs);
    return { kid: await calculateJwkThumbprint(jwk), jwk, endsAtMs: given.endsAtMs };
  } catch {
    throw invalid('The key cannot be read.');
  }
}

/** Of a certificate that an authority has issued, its names: with the next one of these it goes on. */
function named({ der }: Given): ReadKey {
  const certificate = new X509Certificate(der ?? new Uint8Array());
  const [kid, names] = [nameDigest(certificate), namesOf(certificate)];
  if (kid === undefined || names === undefined)
    throw invalid('The certificate names nobody, or in a way that cannot be read here.');
  if (certificate.ca)
    throw invalid('This is the certificate of an authority, and not a program’s.');
  return { kid, jwk: { names }, endsAtMs: undefined };
}

/** As the library compares it with that of a connection (RFC 8705 §2.2.2). */
function certified(jwk: JWK, der: Uint8Array, endsAtMs: number | undefined): ReadKey {
  const x5c = [Buffer.from(der).toString('base64')];
  return { kid: sha256Base64url(der), jwk: { ...jwk, x5c }, endsAtMs };
}

function membersOf({ kty, crv, x, y }: Record<string, unknown>): JWK {
  if (typeof x === 'string' && kty === 'OKP' && crv === 'Ed25519') return { kty, crv, x };
  if (typeof x === 'string' && typeof y === 'string' && kty === 'EC' && crv === 'P-256')
    return { kty, crv, x, y };
  throw invalid('It is no key of P-256 or Ed25519.');
}
