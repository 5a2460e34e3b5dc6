import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '@proofline/kernel/node';
import { refusal, type Ceremony } from '../ceremony.ts';

/** The authenticator answered for our RP ID (WebAuthn L3 §7.1 step 14, §7.2 step 15). */
export function checkRpIdHash({ authenticatorData, expected }: Ceremony) {
  if (timingSafeEqual(authenticatorData.rpIdHash, sha256(expected.rpId))) return undefined;
  return refusal('rp-id-wrong', 'the credential is for another RP ID');
}
