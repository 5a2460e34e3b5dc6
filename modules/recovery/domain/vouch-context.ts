import { canonicalJson } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { idOf } from '@proofline/protocol';
import { z } from 'zod';
import { SubjectId } from './subjects.ts';

/** What a voucher's passkey signs: whom they vouch for, as what, in which recovery. */
export const VouchContext = z.strictObject({
  v: z.literal(1),
  purpose: z.literal('vouch-for-recovery'),
  tenant: z.string(),
  realm: z.string(),
  recoveryId: idOf('rcv'),
  subjectId: SubjectId,
  subjectName: z.string(),
  voucherId: SubjectId,
  as: z.enum(['contact', 'officer']),
  nonce: z.string(),
  expiresAt: z.string(),
});
export type VouchContext = z.infer<typeof VouchContext>;

/** The context's one spelling (RFC 8785): kept, hashed, put into the evidence. */
export function writeVouchContext(context: VouchContext): string {
  return canonicalJson(VouchContext.parse(context));
}

/** The WebAuthn challenge: SHA-256 of the context's text, base64url. */
export function challengeOf(contextText: string): string {
  return sha256Base64url(contextText);
}
