import { refusal, type AssertionCeremony } from '../ceremony.ts';

/**
 * Not known before: the authenticator names the subject, and the credential is theirs (WebAuthn L3
 * §7.2 step 6, second case). The library does not compare.
 */
export function checkNamedSubject({ credential, expected, stored }: AssertionCeremony) {
  const answered = credential.response.userHandle ?? undefined;
  if (answered === undefined) return refusal('user-handle-missing', 'no handle, and nobody known');
  if (answered !== stored.userHandle) return refusal('user-handle-wrong', 'another handle');
  if (expected.userHandle === undefined) return undefined;
  return refusal('subject-wrong', 'a sign-in expects nobody in particular');
}
