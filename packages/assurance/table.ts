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
import { checkRegisteredModel, checkStoredModel } from './checks/denied-model.ts';
import { checkDigestChallenge } from './checks/digest-challenge.ts';
import { checkExtensions } from './checks/extensions.ts';
import { checkKnownSubject } from './checks/known-subject.ts';
import { checkNamedSubject } from './checks/named-subject.ts';
import { checkNoNewKey } from './checks/no-new-key.ts';
import { checkOffered } from './checks/offered.ts';
import { checkOrigin } from './checks/origin.ts';
import { checkRegisteredCredentialId } from './checks/registered-credential-id.ts';
import { checkRpIdHash } from './checks/rp-id-hash.ts';
import { checkSignature } from './checks/signature.ts';
import { checkTopOrigin } from './checks/top-origin.ts';
import { checkType } from './checks/type.ts';
import { checkUserPresent } from './checks/user-present.ts';
import { checkUserVerified } from './checks/user-verified.ts';
import type { AssertionFlow } from './types.ts';

type AssertionColumns = { readonly [flow in AssertionFlow]?: Check<AssertionCeremony> };

interface Row extends AssertionColumns {
  readonly name: string;
  /** Step of WebAuthn L3 §7.1 that a registration's check carries out; 0: a rule of our own. */
  readonly step71?: number;
  /** Step of WebAuthn L3 §7.2 that an assertion's check carries out; 0: a rule of our own. */
  readonly step72?: number;
  readonly registration?: Check<RegistrationCeremony>;
}

const every = (assertion: Check<AssertionCeremony>) =>
  ({ signIn: assertion, stepUp: assertion, customerProof: assertion }) as const;
const both = (registration: Check<RegistrationCeremony>, assertion: Check<AssertionCeremony>) =>
  ({ registration, ...every(assertion) }) as const;
const known = (assertion: Check<AssertionCeremony>) =>
  ({ stepUp: assertion, customerProof: assertion }) as const;

const checkCreation = checkType('webauthn.create');
const checkUse = checkType('webauthn.get');

/**
 * A ceremony is a table: every check in its order, a column for each flow (WebAuthn L3 §7.1, §7.2).
 * A step-up and a customer's proof know whom they expect; a sign-in knows nobody.
 */
// prettier-ignore
export const table: readonly Row[] = [
  { name: 'offered',                       step72: 5,  ...known(checkOffered) },
  { name: 'type',              step71: 7,  step72: 10, ...both(checkCreation, checkUse) },
  { name: 'challenge',         step71: 8,  step72: 11, ...both(checkChallenge, checkChallenge) },
  { name: 'digest-challenge',              step72: 0,  customerProof: checkDigestChallenge },
  { name: 'origin',            step71: 9,  step72: 12, ...both(checkOrigin, checkOrigin) },
  { name: 'cross-origin',      step71: 10, step72: 13, ...both(checkCrossOrigin, checkCrossOrigin) },
  { name: 'top-origin',        step71: 11, step72: 14, ...both(checkTopOrigin, checkTopOrigin) },
  { name: 'rp-id-hash',        step71: 14, step72: 15, ...both(checkRpIdHash, checkRpIdHash) },
  { name: 'user-present',      step71: 15, step72: 16, ...both(checkUserPresent, checkUserPresent) },
  { name: 'user-verified',     step71: 16, step72: 17, ...both(checkUserVerified, checkUserVerified) },
  { name: 'backup-flags',      step71: 17, step72: 18, ...both(checkBackupFlags, checkBackupFlags) },
  { name: 'extensions',        step71: 28, step72: 23, ...both(checkExtensions, checkExtensions) },
  { name: 'credential-id',     step71: 25, step72: 6, ...both(checkRegisteredCredentialId, checkAssertedCredentialId) },
  { name: 'named-subject',                 step72: 6,  signIn: checkNamedSubject },
  { name: 'known-subject',                 step72: 6,  ...known(checkKnownSubject) },
  { name: 'no-new-key',                    step72: 0,  ...every(checkNoNewKey) },
  { name: 'algorithm',         step71: 20, step72: 0,  ...both(checkRegisteredAlgorithm, checkStoredAlgorithm) },
  { name: 'denied-model',      step71: 24, step72: 0,  ...both(checkRegisteredModel, checkStoredModel) },
  { name: 'status',            step71: 24, step72: 0,  ...both(checkRegisteredStatus, checkStoredStatus) },
  { name: 'attestation-format',step71: 21,             registration: checkAttestationFormat },
  { name: 'attestation',       step71: 22,             registration: checkAttestationStatement },
  { name: 'signature',                     step72: 21, ...every(checkSignature) },
  { name: 'backup-eligibility',            step72: 19, ...every(checkBackupEligibility) },
  { name: 'counter',                       step72: 22, ...every(checkCounter) },
];

/** Steps of the specification that are no check of the table, and what takes care of each. */
export const elsewhere: {
  readonly step71: Readonly<Record<number, string>>;
  readonly step72: Readonly<Record<number, string>>;
} = {
  step71: {
    1: 'registration-options.ts',
    2: 'the page',
    3: 'read-attestation.ts: without an attestation object it is no answer to a registration',
    4: 'the contract’s schema',
    5: 'read-client-data.ts',
    6: 'read-client-data.ts',
    12: 'read-client-data.ts',
    13: 'read-attestation.ts',
    18: 'assurance-level.ts',
    19: 'assurance-level.ts',
    23: 'assurance-level.ts: our own roots, and the model’s own of verified metadata',
    26: 'the caller, in the transaction that inserts',
    27: 'verify-registration.ts describes it, the caller keeps it',
    29: 'the caller',
  },
  step72: {
    1: 'assertion-options.ts',
    2: 'the page',
    3: 'verify-assertion.ts: without authenticator data and a signature it is no assertion',
    4: 'the contract’s schema',
    7: 'verify-assertion.ts',
    8: 'read-client-data.ts',
    9: 'read-client-data.ts',
    20: 'read-client-data.ts',
    24: 'the caller, who sees that nobody used the same counter meanwhile',
    25: 'the caller',
  },
};
