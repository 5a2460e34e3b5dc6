import type { AssertionCeremony, Check, RegistrationCeremony } from './ceremony.ts';
import { checkRegisteredAlgorithm, checkStoredAlgorithm } from './checks/algorithm.ts';
import { checkAssertedCredentialId } from './checks/asserted-credential-id.ts';
import { checkAttestationFormat } from './checks/attestation-format.ts';
import { checkAttestationStatement } from './checks/attestation-statement.ts';
import { checkRegisteredStatus, checkStoredStatus } from './checks/authenticator-status.ts';
import { checkBackupEligibility } from './checks/backup-eligibility.ts';
import { checkBackupFlags } from './checks/backup-flags.ts';
import { checkChallenge } from './checks/challenge.ts';
import { checkCounter } from './checks/counter.ts';
import { checkCrossOrigin } from './checks/cross-origin.ts';
import { checkOrigin } from './checks/origin.ts';
import { checkRegisteredCredentialId } from './checks/registered-credential-id.ts';
import { checkRpIdHash } from './checks/rp-id-hash.ts';
import { checkSignature } from './checks/signature.ts';
import { checkType } from './checks/type.ts';
import { checkUserHandle } from './checks/user-handle.ts';
import { checkUserPresent } from './checks/user-present.ts';
import { checkUserVerified } from './checks/user-verified.ts';

interface Row {
  readonly name: string;
  readonly registration?: Check<RegistrationCeremony>;
  readonly assertion?: Check<AssertionCeremony>;
}

/** A ceremony is a table: every check in its order, a column for each ceremony (WebAuthn L3 §7.1, §7.2). */
// prettier-ignore
export const table: readonly Row[] = [
  { name: 'type',               registration: checkType('webauthn.create'), assertion: checkType('webauthn.get') },
  { name: 'challenge',          registration: checkChallenge,               assertion: checkChallenge },
  { name: 'origin',             registration: checkOrigin,                  assertion: checkOrigin },
  { name: 'cross-origin',       registration: checkCrossOrigin,             assertion: checkCrossOrigin },
  { name: 'rp-id-hash',         registration: checkRpIdHash,                assertion: checkRpIdHash },
  { name: 'user-present',       registration: checkUserPresent,             assertion: checkUserPresent },
  { name: 'user-verified',      registration: checkUserVerified,            assertion: checkUserVerified },
  { name: 'backup-flags',       registration: checkBackupFlags,             assertion: checkBackupFlags },
  { name: 'credential-id',      registration: checkRegisteredCredentialId,  assertion: checkAssertedCredentialId },
  { name: 'user-handle',                                                    assertion: checkUserHandle },
  { name: 'algorithm',          registration: checkRegisteredAlgorithm,     assertion: checkStoredAlgorithm },
  { name: 'status',             registration: checkRegisteredStatus,        assertion: checkStoredStatus },
  { name: 'attestation-format', registration: checkAttestationFormat },
  { name: 'attestation',        registration: checkAttestationStatement },
  { name: 'signature',                                                      assertion: checkSignature },
  { name: 'backup-eligibility',                                             assertion: checkBackupEligibility },
  { name: 'counter',                                                        assertion: checkCounter },
];
