import { timingSafeEqual } from 'node:crypto';
import type { Random } from '@proofline/kernel';
import { sha256 } from '@proofline/kernel/node';

/** How long a code on the new colleague's screen is good; afterwards the screen shows another. */
export const CODE_MS = 10 * 60 * 1000;

const CODES = 1_000_000;
// Numbers from here on would make some codes likelier than others.
const FAIR_MAX = Math.floor(2 ** 32 / CODES) * CODES;

/** Six digits, every code as likely as every other, none that somebody else is waiting with. */
export function drawCode(random: Random, taken: readonly string[]): string {
  for (;;) {
    const number = new DataView(random.bytes(4).buffer).getUint32(0);
    const code = String(number % CODES).padStart(6, '0');
    if (number < FAIR_MAX && !taken.includes(code)) return code;
  }
}

/** Compares without telling by time how much was right. */
export function isSameCode(typed: string, shown: string): boolean {
  return timingSafeEqual(sha256(typed), sha256(shown));
}
