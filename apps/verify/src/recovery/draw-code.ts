import { RECOVERY_CODE_BYTES, spellCode } from '@proofline/kernel';

/** A recovery code of 125 random bits, made on this device and kept nowhere. */
export function drawCode(): string {
  return spellCode(crypto.getRandomValues(new Uint8Array(RECOVERY_CODE_BYTES)));
}
