import { refusal, type Ceremony } from '../ceremony.ts';

/** Somebody touched the authenticator (WebAuthn L3 §7.1 step 15, §7.2 step 16). */
export function checkUserPresent({ authenticatorData }: Ceremony) {
  return authenticatorData.userPresent ? undefined : refusal('user-not-present', 'UP is not set');
}
