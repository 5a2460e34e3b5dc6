import { refusal } from '../ceremony.ts';
import type { AssertionCeremony, RegistrationCeremony } from '../ceremony.ts';
import { formatAaguid } from '../format-aaguid.ts';
import type { AttestationPolicy } from '../types.ts';

/**
 * MDS3 §3.1.4: keys of such a model can be in other hands, or its user verification can be passed by.
 * A key that may be anybody's proves nothing at any level.
 */
const compromised: readonly string[] = [
  'REVOKED',
  'USER_VERIFICATION_BYPASS',
  'USER_KEY_REMOTE_COMPROMISE',
  'USER_KEY_PHYSICAL_COMPROMISE',
];

/** A new credential is not of a model known to be broken. */
export function checkRegisteredStatus({ attestation, policy }: RegistrationCeremony) {
  return checkStatus(formatAaguid(attestation.attested.aaguid), policy);
}

/** The model has not been broken since it was registered. */
export function checkStoredStatus({ stored, policy }: AssertionCeremony) {
  return checkStatus(stored.aaguid, policy);
}

function checkStatus(aaguid: string, policy: AttestationPolicy) {
  const found = policy.statuses.find(
    (entry) => entry.aaguid === aaguid && compromised.includes(entry.status),
  );
  return found && refusal('authenticator-compromised', `the model is ${found.status}`);
}
