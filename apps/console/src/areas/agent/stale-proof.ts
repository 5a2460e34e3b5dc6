import type { Capability } from '@proofline/protocol';

/** The age that a new proof of the customer may have, where one would open what is closed. */
export function staleProofAge(capabilities: readonly Capability[]): number | undefined {
  const ages = capabilities
    .filter(({ allowed }) => !allowed)
    .flatMap(({ remedies }) => remedies)
    .flatMap((remedy) => (remedy.kind === 'customer.proof' ? [remedy.maxAgeSeconds] : []));
  return ages.length > 0 ? Math.min(...ages) : undefined;
}
