import { base64urlToBytes } from '@proofline/kernel';
import { refusal, type AssertionCeremony } from '../ceremony.ts';

const SHA256_BYTES = 32;

/** What a customer signs is the SHA-256 of what they were shown, and nothing else fits (DESIGN §4). */
export function checkDigestChallenge({ expected }: AssertionCeremony) {
  if (base64urlToBytes(expected.challenge)?.length === SHA256_BYTES) return undefined;
  return refusal('challenge-wrong', 'the expected challenge is no SHA-256 digest');
}
