import { RECOVERY_CODE_BYTES, spellCode } from '@proofline/kernel';

/** A recovery code of 125 random bits, made in this browser: five groups of five signs. */
export function drawRecoveryCode(): string {
  return spellCode(crypto.getRandomValues(new Uint8Array(RECOVERY_CODE_BYTES)));
}
