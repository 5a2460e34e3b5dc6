import { idOf } from '../ids.ts';
import { z } from 'zod';

/**
 * Options for `navigator.credentials`, as WebAuthn Level 3 §5.1.8–§5.1.10 writes them in JSON
 * (`PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`).
 */
export const CeremonyOptions = z.object({
  ceremonyId: idOf('cas'),
  publicKey: z.record(z.string(), z.json()),
  expiresAt: z.string(),
});
export type CeremonyOptions = z.infer<typeof CeremonyOptions>;

const base64url = (max: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .max(max);

/** What `navigator.credentials` answered: `RegistrationResponseJSON` or `AuthenticationResponseJSON`. */
export const CredentialJson = z
  .object({
    ceremonyId: idOf('cas'),
    credential: z.object({
      id: base64url(1400),
      rawId: base64url(1400),
      type: z.literal('public-key'),
      authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
      clientExtensionResults: z.record(z.string(), z.json()).optional(),
      response: z.object({
        clientDataJSON: base64url(4000),
        attestationObject: base64url(20_000).optional(),
        authenticatorData: base64url(4000).optional(),
        signature: base64url(4000).optional(),
        userHandle: base64url(200).nullish(),
        publicKey: base64url(4000).optional(),
        publicKeyAlgorithm: z.number().int().optional(),
        transports: z.array(z.string().max(20)).max(8).optional(),
      }),
    }),
  })
  .strict();
export type CredentialJson = z.infer<typeof CredentialJson>;
