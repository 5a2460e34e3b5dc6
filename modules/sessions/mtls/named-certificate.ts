import type { X509Certificate } from 'node:crypto';
import { canonicalJson } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { isInTime, isStrong } from './client-certificate.ts';

/** RFC 5280 §4.2.1.12: it is for proving a client in TLS. */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** The extension of other names (RFC 5280 §4.2.1.6), as a certificate names it. */
const OTHER_NAMES = Buffer.from('0603551d11', 'hex');

/** What Node writes in place of a name that it cannot read, whatever that is. */
const UNREAD = /<(?:unsupported|invalid)/;

/**
 * What a certificate says whose it is: its subject, and all of its other names, as Node writes them, which
 * escapes what would read as another name. All of it counts, to the letter: a name among others is nobody’s.
 * Where one is not read, two people’s would be the same; so such a certificate names nobody.
 */
export function namesOf(certificate: X509Certificate): string | undefined {
  const { subject, subjectAltName } = certificate;
  const names = { subject: subject ?? '', others: subjectAltName ?? '' };
  if (UNREAD.test(names.others) || !areAllRead(certificate)) return undefined;
  return names.subject === '' && names.others === '' ? undefined : canonicalJson(names);
}

/** Node reads the first such extension, and of a broken one says that there is none. */
function areAllRead({ raw, subjectAltName }: X509Certificate): boolean {
  const first = raw.indexOf(OTHER_NAMES);
  if (first < 0 || subjectAltName === undefined) return first < 0;
  return !raw.includes(OTHER_NAMES, first + OTHER_NAMES.length);
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
