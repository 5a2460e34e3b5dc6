import { CROCKFORD } from './crockford.ts';

const GROUP_CHARS = 5;

/** How many random bytes {@link spellCode} takes for a recovery code of 125 bits. */
export const RECOVERY_CODE_BYTES = 25;

/**
 * Random bytes as a code that people write down: five bits of each byte, in groups of five signs.
 *
 * @example spellCode(crypto.getRandomValues(new Uint8Array(RECOVERY_CODE_BYTES)))
 */
export function spellCode(bytes: Uint8Array): string {
  // 256 is a multiple of 32: every sign is as likely as every other.
  const signs = [...bytes].map((byte) => CROCKFORD[byte % CROCKFORD.length] ?? '');
  const groups = Math.ceil(signs.length / GROUP_CHARS);
  return Array.from({ length: groups }, (_, group) =>
    signs.slice(group * GROUP_CHARS, (group + 1) * GROUP_CHARS).join(''),
  ).join('-');
}
