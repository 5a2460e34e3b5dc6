import type { Random } from '@proofline/kernel';

/** `count` decimal digits, each equally likely: bytes of 250 and above are drawn again. */
export function drawDigits(random: Random, count: number): string {
  let digits = '';
  while (digits.length < count) {
    const byte = random.bytes(1)[0] ?? 255;
    if (byte < 250) digits += String(byte % 10);
  }
  return digits;
}
