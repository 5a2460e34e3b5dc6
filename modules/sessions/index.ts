/** Sessions with a time per assurance level, grants, the workforce issuer, and who calls. */
export type { Authenticators } from './authenticate/create-authenticators.ts';
export { customerCookieName } from './authenticate/customer-cookie-name.ts';
export type { ConsentTerms } from './consents/domain/terms.ts';
export type { RequestFacts } from './authenticate/request-facts.ts';
export type { ServiceClient, SessionsDeps, SessionsPeers } from './context.ts';
export { createSessions, type Sessions } from './create-sessions.ts';
export { readSamlKeys } from './saml/read-saml-keys.ts';
export type { Saml } from './saml/create-saml.ts';
export type { SamlKeys } from './saml/signing-keys.ts';
export { migrations } from './store/migrations.ts';
export type {
  CredentialLevel,
  CredentialSource,
  KeptCredential,
  LevelChange,
  LevelCounts,
  NotedChange,
  SweepReport,
} from './domain/kept-credential.ts';
export type * from './types.ts';
