import { X509Certificate } from 'node:crypto';

interface Chain {
  /** DER, leaf first, as the attestation statement carries them. */
  readonly certificates: readonly Uint8Array[];
  /** PEM. */
  readonly authorities: readonly string[];
  readonly nowMs: number;
}

/**
 * Whether an attestation's certificates lead to one of these authorities, each link signed by the
 * next, everything valid now, and only authorities issuing (RFC 5280 §6.1).
 *
 * Own code because the library skips the path when it knows no root, and asks the network about
 * revocation: revoked models come as statuses instead.
 */
export function isRooted({ certificates, authorities, nowMs }: Chain): boolean {
  try {
    const path = certificates.map((der) => new X509Certificate(der));
    const roots = authorities.map((pem) => new X509Certificate(pem));
    if (path.length === 0 || path[0]!.ca) return false;
    for (const [index, certificate] of path.entries()) {
      if (!isValidAt(certificate, nowMs)) return false;
      if (roots.some((root) => isValidAt(root, nowMs) && issued(root, certificate))) return true;
      const issuer = path[index + 1];
      if (issuer === undefined || !issued(issuer, certificate)) return false;
    }
    return false;
  } catch {
    return false;
  }
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isValidAt(certificate: X509Certificate, nowMs: number): boolean {
  return certificate.validFromDate.getTime() <= nowMs && nowMs <= certificate.validToDate.getTime();
}
