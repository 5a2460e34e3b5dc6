import type { Reason } from '@proofline/protocol';
import type { CautiousDefaults } from './cautious-defaults.ts';
import type { ContextShapes } from './context-shapes.ts';
import type { CompiledPolicies } from './engine.ts';
import type { Invariant } from './invariants/invariant.ts';
import type { PolicyLayer } from './layers.ts';
import type { EngineSource, ReadSource } from './read-source.ts';

/** One policy of a release, as people read it. */
export interface Policy {
  /** Its `@id`. */
  readonly id: string;
  readonly layer: PolicyLayer;
  readonly effect: 'permit' | 'forbid';
  /** Its `@reason`: the sentence that an agent sees. */
  readonly reason: string;
  readonly cedar: string;
}

/** A compiled release: immutable, named by the digest of its content. */
export interface PolicySet {
  /** SHA-256 of the canonical JSON form of schema, policies and invariants, base64url. */
  readonly digest: string;
  readonly policies: ReadonlyMap<string, Policy>;
  /** What must hold of it, in the order of their names. */
  readonly invariants: readonly Invariant[];
  /** What the schema declares of each action's context. */
  readonly shapes: ContextShapes;
  /** What absent signals count as, as the schema declares. */
  readonly defaults: CautiousDefaults;
  readonly compiled: CompiledPolicies;
  /** What was compiled, for another engine to compile too. */
  readonly source: EngineSource;
  /** The same, as it was read. */
  readonly read: ReadSource;
}

/** What was decided, as a value. */
export interface Outcome {
  readonly effect: 'permit' | 'deny';
  /** With `deny`: a policy forbids it (true), or none permits it (false). */
  readonly forbidden: boolean;
  /** In the order of the layers; never empty. */
  readonly reasons: readonly Reason[];
  /** Ids of the policies that the outcome rests on. */
  readonly determining: readonly string[];
  /** Ids of the policies that could not be evaluated. */
  readonly erring: readonly string[];
  /** The question itself was refused: the schema does not allow it. */
  readonly refused?: 'question.invalid';
}
