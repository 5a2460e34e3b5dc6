import type { X509Certificate } from 'node:crypto';
import { canonicalJson } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { isInTime, isStrong } from './client-certificate.ts';

/** RFC 5280 §4.2.1.12: it is for proving a client in TLS. */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/**
 * What a certificate says whose it is: its subject, and all of its other names, as Node writes them, which
 * escapes what would read as another name. All of it counts, to the letter: a name among others is nobody’s.
 */
export function namesOf({ subject, subjectAltName }: X509Certificate): string | undefined {
  const names = { subject: subject ?? '', others: subjectAltName ?? '' };
  return names.subject === '' && names.others === '' ? undefined : canonicalJson(names);
}

/** By this it is registered (RFC 8705 §2.1.2), and named in tokens. `undefined`: it names nobody. */
export function nameDigest(certificate: X509Certificate): string | undefined {
  const names = namesOf(certificate);
  return names === undefined
    ? undefined
    : sha256Base64url(`proofline certificate names v1 ${names}`);
}

/**
 * Whether one of the authorities of the settings has itself issued it, for a program, and both are in time. There
 * is no path to be built: an authority below another one is named in the settings, or counts for nothing. So
 * nobody becomes one by a certificate, and what else a connection sends along is not looked at.
 */
export function isIssuedBy(
  authorities: readonly X509Certificate[],
  certificate: X509Certificate,
  nowMs: number,
): boolean {
  // Node calls the extended uses so; absent, it is for whatever one likes.
  const { ca, keyUsage: uses } = certificate;
  if (ca || !isInTime(certificate, nowMs) || !isStrong(certificate)) return false;
  if (uses && !uses.includes(CLIENT_AUTH)) return false;
  if (/md5|sha1/i.test(certificate.signatureAlgorithm ?? '')) return false;
  return authorities.some(
    (one) =>
      one.ca &&
      isInTime(one, nowMs) &&
      certificate.checkIssued(one) &&
      certificate.verify(one.publicKey),
  );
}
