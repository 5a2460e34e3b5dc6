import type { CompiledConditions } from '../compile/compile-policies.ts';
import type { Policy } from '../policy/policy.ts';
import type { NamedEntity } from './scope.ts';

/** A policy made ready, with its place in the set, which orders what is told of it. */
export interface ReadyPolicy extends CompiledConditions {
  readonly id: string;
  readonly position: number;
  readonly policy: Policy;
  readonly isPermit: boolean;
  /** The entities that its scope names. */
  readonly principal: NamedEntity | undefined;
  readonly resource: NamedEntity | undefined;
}
