import type { Capability } from '@proofline/protocol';

/** The age that the customer's proof may have for what is closed only because it is older. */
export function staleProofAge(capabilities: readonly Capability[]): number | undefined {
  const ages = capabilities
    .filter(({ allowed }) => !allowed)
    .flatMap(({ remedies }) => remedies)
    .flatMap((remedy) => (remedy.kind === 'customer.proof' ? [remedy.maxAgeSeconds] : []));
  return ages.length > 0 ? Math.min(...ages) : undefined;
}
