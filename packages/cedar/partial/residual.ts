import type { EvaluationErrorCode } from '../evaluation-error.ts';
import type { BinaryOperator, PatternPiece } from '../policy/expression.ts';
import type { Value } from '../values/value.ts';

/**
 * What is left of an expression once everything known is filled in: a value, the error that it ends
 * in whatever the rest is, or an expression over the unknown.
 */
export type Residual =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'error'; readonly code: EvaluationErrorCode }
  | Unknown
  | { readonly kind: 'not'; readonly operand: Residual }
  | { readonly kind: 'and' | 'or'; readonly left: Residual; readonly right: Residual }
  | {
      readonly kind: 'if';
      readonly condition: Residual;
      readonly yes: Residual;
      readonly no: Residual;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Residual;
      readonly right: Residual;
    }
  /** One attribute: a path was taken apart. */
  | { readonly kind: 'has'; readonly of: Residual; readonly name: string }
  | { readonly kind: 'like'; readonly of: Residual; readonly pattern: readonly PatternPiece[] }
  | { readonly kind: 'is'; readonly of: Residual; readonly entityType: string }
  | { readonly kind: 'is-empty'; readonly operand: Residual }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Residual[] }
  /** What nobody has looked into: `-x`, a set or record with something unknown in it. */
  | { readonly kind: 'other'; readonly what: string };

/** The resource, a part of the context that differs from row to row, or an attribute below it. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly root: 'resource' | 'context';
  /** Attribute names from the root on; empty for the root itself. */
  readonly path: readonly string[];
}
