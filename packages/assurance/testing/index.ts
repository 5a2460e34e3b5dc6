/**
 * A software authenticator and a test authority: real ceremonies without a browser, honest or
 * misbehaving on demand. For tests and the demo's story; no product code imports this.
 */
export {
  createSoftwareAuthenticator,
  importSoftwareAuthenticator,
} from './software-authenticator.ts';
export type { SoftwareAuthenticator, SoftwareAuthenticatorJson } from './software-authenticator.ts';
export type { AssertionRequest, HeldCredential, RegistrationRequest } from './held-credential.ts';
export type { Misbehaviour } from './misbehaviour.ts';
export { keyKinds, type KeyKind } from './credential-key.ts';
export { createTestAuthority, importTestAuthority } from './test-authority.ts';
export type { TestAuthority, TestAuthorityJson } from './test-authority.ts';
export { createTestMetadata, importTestMetadata, testMetadataEntry } from './test-metadata.ts';
export type { TestMetadata, TestMetadataJson } from './test-metadata.ts';
export { createTestRelyingParty, type TestRelyingParty } from './test-relying-party.ts';
