import type { Invariant } from './invariants/invariant.ts';

/** A set of policies as text, as it lies in `policies/`. */
export interface ReleaseText {
  /** The Cedar schema. */
  readonly schema: string;
  /** Each file's path below `policies/`, whose folder names the layer, and its text. */
  readonly policies: readonly { readonly path: string; readonly text: string }[];
  /** What must hold of every request under it, and of what follows it: `invariants/`. Default: nothing. */
  readonly invariants?: readonly Invariant[];
}
