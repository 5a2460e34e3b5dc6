import { ServicePublicJwk, type ServiceKeyInput } from './routes/service-registry.ts';

/**
 * What a person pasted or named as the public key of a service: a JWK or a certificate. `undefined`:
 * neither. Whether it is a private one is asked first, with {@link isPrivateKeyText}: that leaves no machine.
 */
export function serviceKeyOf(text: string): ServiceKeyInput | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('-----BEGIN CERTIFICATE')) return { certificate: trimmed };
  try {
    const jwk = ServicePublicJwk.safeParse(JSON.parse(trimmed));
    return jwk.success ? { jwk: jwk.data } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether somebody pasted what should never have left its place: a JWK, a JWKS or PEM (RFC 7517 §4, RFC 7468 §10). */
export function isPrivateKeyText(text: string): boolean {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) return true;
  try {
    const read: unknown = JSON.parse(text);
    return keysOf(read).some(hasPrivateMember);
  } catch {
    return false;
  }
}

const keysOf = (read: unknown): readonly unknown[] =>
  typeof read === 'object' && read !== null && 'keys' in read && Array.isArray(read.keys)
    ? read.keys
    : [read];

const hasPrivateMember = (key: unknown): boolean =>
  typeof key === 'object' && key !== null && ('d' in key || 'k' in key);
