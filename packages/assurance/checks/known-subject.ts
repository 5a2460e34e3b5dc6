import { refusal, type AssertionCeremony } from '../ceremony.ts';

/**
 * Known before the ceremony: the record is theirs, and so is the handle, if one is sent (WebAuthn L3
 * §7.2 step 6, first case). Who forgets to say whom they expect gets nobody.
 */
export function checkKnownSubject({ credential, expected, stored }: AssertionCeremony) {
  if (expected.userHandle === undefined || expected.userHandle !== stored.userHandle) {
    return refusal('subject-wrong', 'the credential belongs to another subject');
  }
  const answered = credential.response.userHandle ?? undefined;
  if (answered === undefined || answered === stored.userHandle) return undefined;
  return refusal('user-handle-wrong', 'another handle');
}
