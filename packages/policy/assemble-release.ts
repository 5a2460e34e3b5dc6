import { compiledEngine } from './compiled-engine.ts';
import { contextShapesOf } from './context-shapes.ts';
import type { PolicySet } from './policy-set.ts';
import { readSource } from './read-source.ts';

/** A compiled release without its functions: plain data, which can cross from one thread to another. */
export type ReleaseParts = Omit<PolicySet, 'shapes' | 'compiled' | 'read'>;

/** What of a release can cross to another thread. */
export function partsOf(set: PolicySet): ReleaseParts {
  const { shapes: _shapes, compiled: _compiled, read: _read, ...parts } = set;
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
  const { source } = parts;
  const read = await readSource(source, turn);
  await turn();
  const compiled = compiledEngine.compile({ read });
  return { ...parts, read, shapes: contextShapesOf(read.schema), compiled };
}
