import { refusal } from '../ceremony.ts';
import type { AssertionCeremony, RegistrationCeremony } from '../ceremony.ts';
import { formatAaguid } from '../format-aaguid.ts';
import type { AttestationPolicy } from '../types.ts';

/** A new credential is of no model that the operator refuses (WebAuthn L3 §7.1 step 24). */
export function checkRegisteredModel({ attestation, policy }: RegistrationCeremony) {
  return checkModel(formatAaguid(attestation.attested.aaguid), policy);
}

/** Nor has the operator refused it since. */
export function checkStoredModel({ stored, policy }: AssertionCeremony) {
  return checkModel(stored.aaguid, policy);
}

function checkModel(aaguid: string, policy: AttestationPolicy) {
  if (!isDenied(aaguid, policy)) return undefined;
  return refusal('model-denied', 'the operator does not take this model');
}

/** Whether the operator refuses a model by name. */
export function isDenied(aaguid: string, policy: AttestationPolicy): boolean {
  return policy.deniedAaguids?.includes(aaguid) ?? false;
}
