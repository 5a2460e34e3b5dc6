import { canonicalJson } from '@proofline/kernel';
import { idOf } from '@proofline/protocol';
import { z } from 'zod';

/** How many contacts a customer may have. */
export const CONTACTS_MAX = 5;
/** How many of them must sign. */
export const CONTACTS_NEEDED = 2;
/** How long an invitation to become a contact may wait. */
export const INVITATION_MS = 7 * 24 * 60 * 60 * 1000;

/** What a customer lays by or undoes, as it is signed: never a secret, only its digest. */
const SignedAct = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('seal-code') }),
  z.strictObject({ kind: z.literal('invite-contact') }),
  z.strictObject({ kind: z.literal('remove-contact'), contactId: idOf('cus') }),
  z.strictObject({
    kind: z.literal('accept-contact'),
    invitation: z.string(),
    forCustomer: idOf('cus'),
  }),
  z.strictObject({ kind: z.literal('cancel') }),
]);
export type SignedAct = z.infer<typeof SignedAct>;

/** What a customer's passkey signs: one act, in one session, once. The challenge is its SHA-256. */
export const OwnActContext = z.strictObject({
  v: z.literal(1),
  purpose: z.literal('own-recovery-act'),
  tenant: z.string(),
  realm: z.string(),
  customerId: idOf('cus'),
  sessionId: idOf('ses'),
  act: SignedAct,
  nonce: z.string(),
  expiresAt: z.string(),
});
export type OwnActContext = z.infer<typeof OwnActContext>;

/** The context's one spelling (RFC 8785). */
export function writeOwnActContext(context: OwnActContext): string {
  return canonicalJson(OwnActContext.parse(context));
}
