import { bytesToBase64url } from '@proofline/kernel';
import type { Acr } from '@proofline/protocol';
import { isRooted } from './attestation-chain.ts';
import { verifiedFormats } from './checks/attestation-format.ts';
import { isDenied } from './checks/denied-model.ts';
import { formatAaguid } from './format-aaguid.ts';
import { isMisreporting } from './misreporting-providers.ts';
import { compromiseOf, isClean, metadataOf } from './model-status.ts';
import { readAttestation, type Attestation } from './read-attestation.ts';
import type { AttestationPolicy, StoredCredential } from './types.ts';

/** What a level is judged by. */
export type LevelFacts = Pick<
  StoredCredential,
  'backupEligible' | 'backedUp' | 'aaguid' | 'publicKey' | 'attestationObject'
>;

/** Under which policy, and when. */
export interface LevelTerms {
  readonly policy: AttestationPolicy;
  readonly nowMs: number;
  /** Whether these certificates lead to these roots; another one may remember its answers. */
  readonly rooted?: typeof isRooted;
}

/**
 * The level that a credential of an answered, verified ceremony has today (OpenID EAP ACR 1.0).
 *
 * `phrh` only when nothing speaks against it: never backed up nor able to be, a statement about this
 * very key that leads to an allowed authority, an allowed model, a clean status, and metadata that is
 * in force where metadata is used. Everything else is `phr`. BE = 0 alone is a claim that synced
 * providers have been seen to make.
 */
export function assuranceLevel(facts: LevelFacts, terms: LevelTerms): Acr {
  const { policy, nowMs, rooted = isRooted } = terms;
  if (!claimsHardware(facts) || !isModelTrusted(facts.aaguid, terms)) return 'phr';
  const attestation = readAttestation(facts.attestationObject);
  if (attestation === undefined || !isAbout(attestation, facts)) return 'phr';
  const authorities = metadataOf(facts.aaguid, policy)?.authorities ?? policy.authorities;
  const { certificates } = attestation;
  return rooted({ certificates, authorities, nowMs }) ? 'phrh' : 'phr';
}

function claimsHardware({ aaguid, backedUp, backupEligible }: LevelFacts): boolean {
  return !backupEligible && !backedUp && !isMisreporting(aaguid);
}

function isModelTrusted(aaguid: string, { policy, nowMs }: LevelTerms): boolean {
  return (
    policy.allowedAaguids.includes(aaguid) &&
    !isDenied(aaguid, policy) &&
    isClean(aaguid, policy) &&
    isMetadataInForce(policy, nowMs) &&
    metadataOf(aaguid, policy)?.keyInHardware !== false
  );
}

/** What a stored credential is worth today, when nobody has used it yet: `none` is refused outright. */
export function credentialLevel(facts: LevelFacts, terms: LevelTerms): Acr | 'none' {
  const { policy } = terms;
  if (compromiseOf(facts.aaguid, policy) || isDenied(facts.aaguid, policy)) return 'none';
  return assuranceLevel(facts, terms);
}

/** What keys of a model may be worth at best today, however they are attested. */
export function modelLevel(
  aaguid: string,
  terms: Pick<LevelTerms, 'policy' | 'nowMs'>,
): Acr | 'none' {
  if (compromiseOf(aaguid, terms.policy) || isDenied(aaguid, terms.policy)) return 'none';
  return !isMisreporting(aaguid) && isModelTrusted(aaguid, terms) ? 'phrh' : 'phr';
}

/** Whether metadata is used at all, and if so, whether it is too old to vouch for anybody (P7). */
function isMetadataInForce({ metadata }: AttestationPolicy, nowMs: number): boolean {
  return metadata === undefined || nowMs < metadata.vouchesUntilMs;
}

// A record whose key or model was exchanged afterwards no longer is what the maker attested.
function isAbout({ attested, format }: Attestation, facts: LevelFacts): boolean {
  return (
    verifiedFormats.includes(format) &&
    formatAaguid(attested.aaguid) === facts.aaguid &&
    bytesToBase64url(attested.publicKey) === facts.publicKey
  );
}
