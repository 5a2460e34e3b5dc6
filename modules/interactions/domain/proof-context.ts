import { canonicalJson } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { CaseType, idOf } from '@proofline/protocol';
import { z } from 'zod';

/**
 * What a customer's passkey signs: everything that the page shows, and what binds it (P5). Names no
 * customer: whoever holds the link may read it, and the credential says who signed.
 */
export const SignedContext = z.strictObject({
  v: z.literal(1),
  tenant: z.string(),
  /** The origin at which it is signed: the customers' realm. */
  realm: z.string(),
  proofRequestId: idOf('prq'),
  interactionId: idOf('int'),
  caseId: idOf('cse'),
  agentId: idOf('stf'),
  agentName: z.string(),
  desk: z.string(),
  company: z.string(),
  purpose: CaseType,
  channel: z.enum(['call', 'chat', 'video']),
  callStartedAt: z.string(),
  startedBy: z.enum(['agent', 'customer']),
  nonce: z.string(),
  expiresAt: z.string(),
});
export type SignedContext = z.infer<typeof SignedContext>;

/** The context's one spelling (RFC 8785): stored, shown, hashed. */
export function writeContext(context: SignedContext): string {
  return canonicalJson(SignedContext.parse(context));
}

/** Reads back what {@link writeContext} wrote. */
export function readContext(text: string): SignedContext {
  return SignedContext.parse(JSON.parse(text));
}

/** The WebAuthn challenge: SHA-256 of the context's text, base64url. */
export function challengeOf(contextText: string): string {
  return sha256Base64url(contextText);
}
