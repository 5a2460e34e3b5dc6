import type { Random } from '@proofline/kernel';

const CODES = 100_000_000;
// Numbers from here on would make some codes likelier than others.
const FAIR_MAX = Math.floor(2 ** 32 / CODES) * CODES;

/** Eight digits, every code as likely as every other. */
export function drawMatchingCode(random: Random): string {
  for (;;) {
    const number = new DataView(random.bytes(4).buffer).getUint32(0);
    if (number < FAIR_MAX) return String(number % CODES).padStart(8, '0');
  }
}
