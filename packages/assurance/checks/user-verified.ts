import { refusal, type Ceremony } from '../ceremony.ts';

/** The authenticator recognised its owner (WebAuthn L3 §7.1 step 16, §7.2 step 17): always required here. */
export function checkUserVerified({ authenticatorData }: Ceremony) {
  return authenticatorData.userVerified ? undefined : refusal('user-not-verified', 'UV is not set');
}
