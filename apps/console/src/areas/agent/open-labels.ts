import type { Capability } from '@proofline/protocol';
import { recordChanges } from '../../api/record-acts.ts';
import { controlFor, isClosed } from '../../format/control-state.ts';

/** The names of the changes that these capabilities open, at once or with a step. */
export function openLabels(capabilities: readonly Capability[]): readonly string[] {
  return Object.values(recordChanges)
    .filter(({ action }) => !isClosed(controlFor(capabilities, action)))
    .map(({ label }) => label);
}
