import type { EntityUid, Long } from '../values/value.ts';

/** The variables of a request. */
export type Variable = 'principal' | 'action' | 'resource' | 'context';

/** The holes of a template, filled by a link. */
export type Slot = '?principal' | '?resource';

/** Operators with two operands, both of which are always evaluated, left first. */
export type BinaryOperator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | 'in'
  | 'contains'
  | 'containsAll'
  | 'containsAny'
  | 'getTag'
  | 'hasTag';

/** A piece of a `like` pattern: literal text, or `*` (any text, also none). */
export type PatternPiece = { readonly literal: string } | 'wildcard';

/**
 * An expression of the Cedar language, as written: nothing is folded or reordered, since the order
 * of evaluation decides which errors happen.
 */
export type Expression =
  | { readonly kind: 'literal'; readonly value: boolean | Long | string | EntityUid }
  | { readonly kind: 'variable'; readonly name: Variable }
  | { readonly kind: 'slot'; readonly name: Slot }
  | { readonly kind: 'not' | 'negate' | 'is-empty'; readonly operand: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  /** `of has a.b.c`: a path of one or more attributes. */
  | { readonly kind: 'has'; readonly of: Expression; readonly path: readonly string[] }
  | { readonly kind: 'like'; readonly of: Expression; readonly pattern: readonly PatternPiece[] }
  | {
      readonly kind: 'is';
      readonly of: Expression;
      readonly entityType: string;
      readonly in?: Expression;
    }
  | { readonly kind: 'set'; readonly elements: readonly Expression[] }
  | { readonly kind: 'record'; readonly members: readonly (readonly [string, Expression])[] }
  /** A constructor or method of an extension type; a method's object is the first argument. */
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] };
