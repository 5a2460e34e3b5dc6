import type { EvidenceWriter } from '@proofline/ledger';
import type { Storage } from '@proofline/storage';

/** Whom a difference is told. */
export interface DifferencePorts {
  readonly storage: Storage;
  readonly ledger: EvidenceWriter;
  /** Must not throw. */
  readonly onEngineDiffers?: (digest: string, error?: unknown) => void;
}

/** Tells of a difference between the engines: somebody at once, and the log. */
export async function recordDifference(deps: DifferencePorts, digest: string): Promise<void> {
  deps.onEngineDiffers?.(digest);
  try {
    await deps.storage.transaction((tx) =>
      deps.ledger.record(tx, { kind: 'policy.engine-differed', facts: { digest } }),
    );
  } catch (error) {
    deps.onEngineDiffers?.(digest, error);
  }
}
