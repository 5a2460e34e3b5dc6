import type { Acr } from '@proofline/protocol';
import { isRooted } from './attestation-chain.ts';
import { verifiedFormats } from './checks/attestation-format.ts';
import { readAttestation } from './read-attestation.ts';
import type { AttestationPolicy } from './types.ts';

interface LevelInput {
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly aaguid: string;
  /** base64url; its statement was verified at registration. */
  readonly attestationObject: string;
  readonly policy: AttestationPolicy;
  readonly nowMs: number;
}

// MDS3 §3.1.4. `UPDATE_AVAILABLE` is news, not a blemish; it does not make a model certified either.
const certified = /^(?:FIDO_CERTIFIED(?:_L[123](?:plus)?)?|FIPS140_CERTIFIED_L[1-4])$/;

/**
 * The level that a credential of an answered, verified ceremony has today (OpenID EAP ACR 1.0).
 *
 * `phrh` only when nothing speaks against it: never backed up nor able to be, a statement that leads
 * to an allowed authority, an allowed model, and a clean status. Everything else is `phr`. BE = 0
 * alone is a claim that synced providers have been seen to make.
 */
export function assuranceLevel(input: LevelInput): Acr {
  const { policy, aaguid, nowMs } = input;
  if (input.backupEligible || input.backedUp) return 'phr';
  if (!policy.allowedAaguids.includes(aaguid) || !isClean(aaguid, policy)) return 'phr';
  const attestation = readAttestation(input.attestationObject);
  if (attestation === undefined || !verifiedFormats.includes(attestation.format)) return 'phr';
  const { certificates } = attestation;
  return isRooted({ certificates, authorities: policy.authorities, nowMs }) ? 'phrh' : 'phr';
}

function isClean(aaguid: string, policy: AttestationPolicy): boolean {
  const statuses = policy.statuses.filter((entry) => entry.aaguid === aaguid);
  return (
    statuses.some(({ status }) => certified.test(status)) &&
    statuses.every(({ status }) => certified.test(status) || status === 'UPDATE_AVAILABLE')
  );
}
