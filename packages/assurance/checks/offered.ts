import { refusal, type AssertionCeremony } from '../ceremony.ts';

/**
 * The credential is one of those that were asked for (WebAuthn L3 §7.2 step 5). An empty list would
 * mean «any passkey», which must never be what a known subject is asked for.
 */
export function checkOffered({ credential, expected }: AssertionCeremony) {
  const { allow } = expected;
  if (allow === undefined || allow.includes(credential.id)) return undefined;
  return refusal('credential-not-offered', 'the options did not name this credential');
}
