import { refusal, type AssertionCeremony } from '../ceremony.ts';

/**
 * The counter went up, or the authenticator keeps none (WebAuthn L3 §6.1.1, §7.2 step 22). Otherwise
 * two devices hold this key. Comes after the signature: a forger must not be able to cry «clone».
 */
export function checkCounter({ authenticatorData, stored }: AssertionCeremony) {
  const { counter } = authenticatorData;
  if (counter === 0 && stored.counter === 0) return undefined;
  if (counter > stored.counter) return undefined;
  return refusal('counter-regressed', 'the signature counter did not go up');
}
