import { refusal, type AssertionCeremony } from '../ceremony.ts';

/** The answer names the credential whose record was looked up (WebAuthn L3 §7.2 steps 5–7). */
export function checkAssertedCredentialId({ credential, stored }: AssertionCeremony) {
  if (credential.id === stored.credentialId && credential.rawId === stored.credentialId) {
    return undefined;
  }
  return refusal('credential-id-wrong', 'not the credential of this record');
}
