import { bytesToBase64url } from '@proofline/kernel';
import { refusal, type RegistrationCeremony } from '../ceremony.ts';

// WebAuthn L3 §7.1 step 25.
const CREDENTIAL_ID_MAX_BYTES = 1023;

/** The id that the client names is the one that the authenticator made, and of a sane length. */
export function checkRegisteredCredentialId({ attestation, credential }: RegistrationCeremony) {
  const { credentialId } = attestation.attested;
  if (credentialId.length === 0 || credentialId.length > CREDENTIAL_ID_MAX_BYTES) {
    return refusal('credential-id-wrong', `${credentialId.length} bytes`);
  }
  const id = bytesToBase64url(credentialId);
  if (credential.id === id && credential.rawId === id) return undefined;
  return refusal('credential-id-wrong', 'client and authenticator name different credentials');
}
