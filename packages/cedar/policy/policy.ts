import type { EntityUid } from '../values/value.ts';
import type { Expression, Slot } from './expression.ts';

/** Where a scope looks: at a named entity, or at the hole of a template. */
export type ScopeTarget = EntityUid | Slot;

/** What a policy's scope says about the principal or the resource. */
export type ScopeConstraint =
  | { readonly kind: 'any' }
  | { readonly kind: 'equals'; readonly target: ScopeTarget }
  | { readonly kind: 'in'; readonly target: ScopeTarget }
  | { readonly kind: 'is'; readonly entityType: string; readonly in?: ScopeTarget };

/** What a policy's scope says about the action. */
export type ActionConstraint =
  | { readonly kind: 'any' }
  | { readonly kind: 'equals'; readonly target: EntityUid }
  | { readonly kind: 'in'; readonly targets: readonly EntityUid[] };

/** A `when` or `unless` clause. */
export interface Condition {
  readonly kind: 'when' | 'unless';
  readonly body: Expression;
}

/** A Cedar policy, or a template where its scope holds a slot. Without an id: a set gives it one. */
export interface Policy {
  readonly effect: 'permit' | 'forbid';
  readonly principal: ScopeConstraint;
  readonly action: ActionConstraint;
  readonly resource: ScopeConstraint;
  readonly conditions: readonly Condition[];
  /** In the order written; an annotation without a value is the empty string. */
  readonly annotations: Readonly<Record<string, string>>;
}
