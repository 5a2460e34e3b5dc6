/** The integrator's SDK: prove the caller, ask the PDP, carry out its obligations. */
export { digestBase64url } from './dpop/digest.ts';
export { dpopChecks, targetUri, type DpopCheck, type DpopExchange } from './dpop/checks.ts';
export { createMemoryReplayStore, type ReplayStore } from './dpop/replay-store.ts';
export {
  checkDpopProof,
  proofWindowSeconds,
  rememberDpopProof,
  verifyDpopProof,
  type DpopInput,
  type DpopRequest,
  type VerifiedProof,
} from './dpop/verify-dpop-proof.ts';
export {
  filterFields,
  type FieldLabel,
  type FieldLabels,
  type FilteredBody,
} from './fields/filter-fields.ts';
export {
  enforce,
  type EnforceOptions,
  type Guard,
  type GuardedContext,
  type GuardRule,
} from './middleware/enforce.ts';
export { outcomeDetail } from './outcome-detail.ts';
export {
  createPdpClient,
  readVerdict,
  type EnforcementResult,
  type FetchPort,
  type PdpClient,
  type PdpClientOptions,
  type Question,
  type Reported,
  type Verdict,
} from './pdp/create-pdp-client.ts';
export {
  problemBody,
  problemHeaders,
  problemResponse,
  type ProblemMembers,
} from './problem-response.ts';
export type { Refusal } from './refusal.ts';
export {
  contentDigest,
  holdsContentDigest,
  holdsSignedBody,
  type SignedBody,
} from './signature/content-digest.ts';
export {
  signatureChecks,
  signatureLifetimeSeconds,
  signatureTag,
  type SignatureCheck,
  type SignatureExchange,
} from './signature/checks.ts';
export { componentValue, signatureBase, type SignedMessage } from './signature/signature-base.ts';
export {
  readDictionary,
  writeInnerList,
  type BareItem,
  type FieldItem,
  type FieldMember,
  type FieldParameters,
  type InnerList,
} from './signature/structured-fields.ts';
export {
  checkSignature,
  isSigned,
  rememberSignature,
  type SignatureRequest,
  type VerifiedSignature,
} from './signature/verify-signature.ts';
export { stepUpChallenge } from './step-up-challenge.ts';
export { actingPrograms } from './token/acting-programs.ts';
export {
  authenticateRequest,
  dpopTokenOf,
  type Acceptance,
  type AuthenticatedRequest,
  type RequestCredentials,
} from './token/authenticate-request.ts';
export {
  certificateThumbprint,
  checkConfirmation,
  type ShownKeys,
} from './token/check-confirmation.ts';
export { createVerifiedTokens, type VerifiedTokens } from './token/verified-tokens.ts';
export {
  verifyAccessToken,
  verifyCertificateBoundToken,
  verifyKeyBoundToken,
  verifyUnheldToken,
  type AccessTokenClaims,
  type AccessTokenInput,
  type KeyBoundToken,
  type TokenInput,
} from './token/verify-access-token.ts';
