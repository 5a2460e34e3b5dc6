/** WebAuthn ceremonies with our own table of checks, attestation policy, and the acr levels. */
export { assertionOptions } from './assertion-options.ts';
export { ceremonyUserHandle, registrationOptions } from './registration-options.ts';
export {
  credentialLevel,
  modelLevel,
  type LevelFacts,
  type LevelTerms,
} from './assurance-level.ts';
export { createLevelJudge } from './judge-levels.ts';
export { metadataInUse, metadataState, type MetadataState } from './metadata/metadata-in-use.ts';
export { METADATA_BLOB_MAX_BYTES, readMetadataBlob } from './metadata/read-metadata-blob.ts';
export type { MetadataBlob, MetadataFault } from './metadata/read-metadata-blob.ts';
export { keptAssertion } from './kept-assertion.ts';
export { isMisreporting, misreportingProviders } from './misreporting-providers.ts';
export { ceremonyRefusalCodes } from './types.ts';
export type {
  AssertionFlow,
  AssertionOptionsJson,
  AssertionResult,
  AttestationPolicy,
  AuthenticatorStatus,
  CeremonyCredential,
  CeremonyRefusal,
  CeremonyRefusalCode,
  ExpectedCeremony,
  MetadataInUse,
  ModelMetadata,
  RegisteredCredential,
  RegistrationOptionsJson,
  StoredCredential,
} from './types.ts';
export { verifyAssertion, type AssertionInput } from './verify-assertion.ts';
export { verifyRegistration, type RegistrationInput } from './verify-registration.ts';
export {
  AUTHENTICATORS_MAX,
  lowerAcr,
  ownActRefusal,
  proversOf,
  type OwnActRefusal,
  type OwnOne,
  type OwnSet,
} from './own-authenticators.ts';
