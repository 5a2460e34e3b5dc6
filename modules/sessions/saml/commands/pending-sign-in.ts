import { Acr } from '@proofline/protocol';
import { z } from 'zod';

/** A request for which somebody is at the sign-in page; written by this room, read by it. */
export const PendingSignIn = z.object({
  applicationId: z.string(),
  entityId: z.string(),
  inResponseTo: z.string(),
  consumerUrl: z.string(),
  relayState: z.string().optional(),
  nameIdKind: z.enum(['persistent', 'transient']),
  stateOneOf: z.array(z.string()),
  acr: Acr.optional(),
  maxAgeSeconds: z.number().optional(),
  /** Unix seconds; a proof before it is no answer (`ForceAuthn`). */
  provedAfterSeconds: z.number().optional(),
  /** Comes back in the issuer's code, and in nobody else's. */
  nonce: z.string(),
});
export type PendingSignIn = z.infer<typeof PendingSignIn>;
