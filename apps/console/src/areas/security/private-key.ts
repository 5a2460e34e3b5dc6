/** Whether somebody pasted what should never have left its place: a JWK, a JWKS or PEM (RFC 7517 §4, RFC 7468 §10). */
export function isPrivateKey(text: string): boolean {
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
