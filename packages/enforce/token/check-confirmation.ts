import { bytesToBase64url, err, ok, type Result } from '@proofline/kernel';
import type { Refusal } from '../refusal.ts';

/** What a request has shown that it holds: the key of its proof, or of its connection. */
export interface ShownKeys {
  /** RFC 7638 thumbprint of the key that its DPoP proof was signed with. */
  readonly jkt?: string | undefined;
  /** {@link certificateThumbprint} of the certificate that the connection was opened with. */
  readonly certificate?: string | undefined;
}

/** SHA-256 of a certificate’s DER as base64url: `x5t#S256` (RFC 8705 §3.1). */
export async function certificateThumbprint(der: Uint8Array<ArrayBuffer>): Promise<string> {
  return bytesToBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', der)));
}

/**
 * Whether the request holds every key that its token is bound to: the `cnf` of a JWT, or of an answer of
 * the introspection endpoint (RFC 7800 §3, RFC 8705 §3.2, RFC 9449 §6). A token that is bound to nothing,
 * or to something that is not known here, is refused as well.
 */
export function checkConfirmation(cnf: unknown, shown: ShownKeys): Result<true, Refusal> {
  const members: [string, unknown][] =
    typeof cnf === 'object' && cnf !== null ? Object.entries(cnf) : [];
  const holds = ([name, value]: readonly [string, unknown]) => {
    if (typeof value !== 'string' || value === '') return false;
    if (name === 'jkt') return value === shown.jkt;
    return name === 'x5t#S256' && value === shown.certificate;
  };
  return members.length > 0 && members.every(holds)
    ? ok(true)
    : err({ code: 'token.proof-invalid', check: 'cnf' });
}
