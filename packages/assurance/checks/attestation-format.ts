import { refusal, type RegistrationCeremony } from '../ceremony.ts';

/** Formats whose statement is verified here and can root a hardware claim. */
export const verifiedFormats: readonly string[] = ['packed', 'tpm'];

/**
 * Formats that are taken as if they were `none`. For `android-key` the library would follow the
 * revocation addresses of certificates that the caller made up, so it is never asked.
 */
const unreadFormats: readonly string[] = ['apple', 'android-key'];

/** The statement is of a registered format that current clients send (WebAuthn L3 §7.1 step 21, §8). */
export function checkAttestationFormat({ attestation }: RegistrationCeremony) {
  const { format } = attestation;
  if (format === 'none' || verifiedFormats.includes(format)) return undefined;
  if (unreadFormats.includes(format)) return undefined;
  return refusal('attestation-format-unsupported', 'not none, packed, tpm, apple or android-key');
}
