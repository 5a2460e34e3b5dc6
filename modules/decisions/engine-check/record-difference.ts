import type { DecisionsDeps } from '../context.ts';

/** Tells of a difference between the engines: somebody at once, and the log. */
export async function recordDifference(deps: DecisionsDeps, digest: string): Promise<void> {
  deps.onEngineDiffers?.(digest);
  try {
    await deps.storage.transaction((tx) =>
      deps.ledger.record(tx, { kind: 'policy.engine-differed', facts: { digest } }),
    );
  } catch (error) {
    deps.onEngineDiffers?.(digest, error);
  }
}
