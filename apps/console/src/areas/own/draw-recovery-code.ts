// Crockford's base32: no letter that looks like a digit.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 5;
const GROUP_CHARS = 5;

/** A recovery code of 125 random bits, made in this browser: five groups of five signs. */
export function drawRecoveryCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(GROUPS * GROUP_CHARS));
  // 256 is a multiple of 32: every sign is as likely as every other.
  const signs = [...bytes].map((byte) => ALPHABET[byte % ALPHABET.length] ?? '');
  return Array.from({ length: GROUPS }, (_, group) =>
    signs.slice(group * GROUP_CHARS, (group + 1) * GROUP_CHARS).join(''),
  ).join('-');
}
