import type { AttestationPolicy, ModelMetadata } from './types.ts';

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

// MDS3 §3.1.4. `UPDATE_AVAILABLE` is news, not a blemish; it does not make a model certified either.
const certified = /^(?:FIDO_CERTIFIED(?:_L[123](?:plus)?)?|FIPS140_CERTIFIED_L[1-4])$/;

/** What the verified metadata says of a model; also when it is old. */
export function metadataOf(aaguid: string, policy: AttestationPolicy): ModelMetadata | undefined {
  return policy.metadata?.models.get(aaguid);
}

/** All words about a model: the operator's own, and those of the metadata. */
function statusesOf(aaguid: string, policy: AttestationPolicy): readonly string[] {
  const own = policy.statuses.filter((entry) => entry.aaguid === aaguid);
  return [...own.map(({ status }) => status), ...(metadataOf(aaguid, policy)?.statuses ?? [])];
}

/**
 * The word that says that a model is broken, if one does. Metadata is believed in this however old it
 * is: what it took away does not come back because nobody fetched the next one (P7).
 */
export function compromiseOf(aaguid: string, policy: AttestationPolicy): string | undefined {
  return statusesOf(aaguid, policy).find((status) => compromised.includes(status));
}

/** Whether a model is certified and nothing speaks against it. Without a word it is not clean. */
export function isClean(aaguid: string, policy: AttestationPolicy): boolean {
  const statuses = statusesOf(aaguid, policy);
  return (
    statuses.some((status) => certified.test(status)) &&
    statuses.every((status) => certified.test(status) || status === 'UPDATE_AVAILABLE')
  );
}
