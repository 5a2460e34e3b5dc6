import { refusal } from '../ceremony.ts';
import type { AssertionCeremony, RegistrationCeremony } from '../ceremony.ts';
import { formatAaguid } from '../format-aaguid.ts';
import { compromiseOf } from '../model-status.ts';
import type { AttestationPolicy } from '../types.ts';

/** A new credential is not of a model known to be broken (WebAuthn L3 §7.1 step 24). */
export function checkRegisteredStatus({ attestation, policy }: RegistrationCeremony) {
  return checkStatus(formatAaguid(attestation.attested.aaguid), policy);
}

/** The model has not been broken since it was registered. */
export function checkStoredStatus({ stored, policy }: AssertionCeremony) {
  return checkStatus(stored.aaguid, policy);
}

function checkStatus(aaguid: string, policy: AttestationPolicy) {
  const found = compromiseOf(aaguid, policy);
  if (found === undefined) return undefined;
  return refusal('authenticator-compromised', `the model is ${found}`);
}
