import { compileInSlices } from './compiled-engine.ts';
import { contextShapesOf } from './context-shapes.ts';
import type { PolicySet } from './policy-set.ts';

/** A compiled release without its functions: plain data, which can cross from one thread to another. */
export type ReleaseParts = Omit<PolicySet, 'shapes' | 'compiled'>;

/** What of a release can cross to another thread. */
export function partsOf(set: PolicySet): ReleaseParts {
  const { shapes: _shapes, compiled: _compiled, ...parts } = set;
  return parts;
}

/**
 * Makes the functions of a release that was validated elsewhere. `turn` is awaited between slices of
 * a few milliseconds, so that whoever else uses this thread has theirs.
 */
export async function assembleRelease(
  parts: ReleaseParts,
  turn: () => Promise<unknown>,
): Promise<PolicySet> {
  const shapes = contextShapesOf(parts.source.schema);
  await turn();
  return { ...parts, shapes, compiled: await compileInSlices(parts.source, turn) };
}
