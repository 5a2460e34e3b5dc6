import { X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';

const curves: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1']);
const rsaBitsMin = 2048;

function read(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** Whether its key is of a kind and size that counts. */
export function isStrong({ publicKey }: X509Certificate): boolean {
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  if (publicKey.asymmetricKeyType === 'rsa') return modulusLength >= rsaBitsMin;
  if (publicKey.asymmetricKeyType === 'ec') return curves.has(namedCurve);
  return publicKey.asymmetricKeyType === 'ed25519';
}

/** Whether a certificate counts at that moment: one that has run out proves nothing. */
export function isInTime(certificate: X509Certificate, nowMs: number): boolean {
  const { validFromDate, validToDate } = certificate;
  return validFromDate.getTime() <= nowMs && nowMs < validToDate.getTime();
}

/** Why certificates cannot be registered, in a sentence; `undefined` where they can. */
export function whyCertificatesUnusable(
  certificates: readonly string[],
  nowMs: number,
): string | undefined {
  const all = certificates.map(read);
  for (const one of all) {
    if (!one) return 'A certificate cannot be read.';
    if (!isStrong(one))
      return 'The key of a certificate is weak, or of another kind than is taken.';
    if (one.validToDate.getTime() <= nowMs) return 'A certificate has expired.';
  }
  const thumbprints = new Set(all.map((one) => one?.fingerprint256));
  return thumbprints.size < all.length ? 'A certificate stands twice.' : undefined;
}

/** The certificates that count now, as the keys that the library compares (RFC 8705 §2.2.2). */
export function certificateKeys(certificates: readonly string[], nowMs: number): JWK[] {
  return certificates
    .map(read)
    .filter((one) => one !== undefined)
    .filter((one) => isInTime(one, nowMs))
    .map((one) => ({
      ...one.publicKey.export({ format: 'jwk' }),
      x5c: [one.raw.toString('base64')],
    }));
}
