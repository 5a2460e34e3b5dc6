import type { Provider } from 'oidc-provider';

/** An id that may be seen once has been seen before. */
export class Replayed extends Error {}

/**
 * The library looks first and writes then, and two at once would both pass; the adapter’s one write
 * tells, by `Replayed`. What that means is the library’s to say: `invalid_client` of an assertion,
 * `invalid_grant` or `invalid_dpop_proof` of a proof of possession.
 */
export function tellReplays({ ReplayDetection }: Provider): void {
  const unique = ReplayDetection.unique.bind(ReplayDetection);
  ReplayDetection.unique = async (...id) => {
    try {
      return await unique(...id);
    } catch (error) {
      if (error instanceof Replayed) return false;
      throw error;
    }
  };
}
