import { refusal, type AssertionCeremony } from '../ceremony.ts';

/**
 * The credential is the subject's own (WebAuthn L3 §7.2 step 6).
 *
 * Subject known before: the record must be theirs, and a handle, if sent, too. Not known before: the
 * authenticator must name the handle. The library compares neither.
 */
export function checkUserHandle({ credential, expected, stored }: AssertionCeremony) {
  const answered = credential.response.userHandle ?? undefined;
  if (expected.userHandle !== undefined && expected.userHandle !== stored.userHandle) {
    return refusal('user-handle-wrong', 'the credential belongs to another subject');
  }
  if (answered === undefined && expected.userHandle !== undefined) return undefined;
  if (answered === stored.userHandle) return undefined;
  return refusal('user-handle-wrong', answered === undefined ? 'no handle' : 'another handle');
}
