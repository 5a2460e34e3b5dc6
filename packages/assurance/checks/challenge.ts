import { base64urlToBytes } from '@proofline/kernel';
import { refusal, type Ceremony } from '../ceremony.ts';

const CHALLENGE_MIN_BYTES = 16;

/**
 * The answer is to our challenge (WebAuthn L3 §7.1 step 8, §7.2 step 11). A challenge too short to
 * be unguessable (§13.4.3) is never accepted, so that a forgotten one cannot match a forgotten one.
 */
export function checkChallenge({ clientData, expected }: Ceremony) {
  const bytes = base64urlToBytes(expected.challenge);
  if (bytes === undefined || bytes.length < CHALLENGE_MIN_BYTES) {
    return refusal('challenge-wrong', 'the expected challenge is too short');
  }
  if (clientData.challenge === expected.challenge) return undefined;
  return refusal('challenge-wrong', 'the challenge is not the one handed out');
}
