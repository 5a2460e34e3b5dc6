import type { Json } from '@proofline/kernel';
import type { CeremonyCredential, StoredCredential } from './types.ts';

/**
 * A verified assertion as the evidence keeps it: what was signed, by which key and where, so that
 * whoever doubts it verifies it again without us. Binary members are base64url.
 */
export function keptAssertion(
  { response }: CeremonyCredential,
  by: {
    /** What was signed, as the entry is to tell it. */
    readonly context: Json;
    readonly key: Pick<StoredCredential, 'publicKey' | 'credentialId'>;
    readonly rpId: string;
    readonly origin: string;
  },
): Readonly<Record<string, Json>> {
  const { authenticatorData = '', clientDataJSON, signature = '' } = response;
  const { context, key, origin, rpId } = by;
  const { credentialId, publicKey } = key;
  const signed = { clientDataJSON, authenticatorData, signature };
  return { context, ...signed, publicKey, credentialId, rpId, origin };
}
