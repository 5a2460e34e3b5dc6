import type { Json } from '@proofline/kernel';
import { MappingError } from '../mapping-error.ts';
import type { Expression } from './syntax.ts';

/** A value that may not be there: what `.?` makes. */
export class Optional {
  readonly value: Json | undefined;
  constructor(value: Json | undefined) {
    this.value = value;
  }
}

/** What an expression is worth on the way to its end. */
export type Value = Json | Optional;

/** The variables of an expression, and how much may still be done for one message. */
export interface Inputs {
  readonly variables: Readonly<Record<string, Json>>;
  /** Steps that are left; shared by all expressions of a message. */
  readonly budget: { steps: number };
}

/** {@link Inputs}, with what evaluates the expressions within an expression. */
export interface Scope extends Inputs {
  readonly evaluate: (expression: Expression, scope: Scope) => Value;
}

/** Takes a step. @throws MappingError when none is left */
export function step({ budget }: Pick<Inputs, 'budget'>): void {
  budget.steps -= 1;
  if (budget.steps < 0) throw new MappingError('the mapping takes too many steps');
}

/** A value that is there. @throws MappingError */
export function plain(expression: Expression, scope: Scope): Json {
  const value = scope.evaluate(expression, scope);
  if (!(value instanceof Optional)) return value;
  throw new MappingError('a value that may be absent stands where one is needed');
}

/** Whether something holds. @throws MappingError unless it is a boolean */
export function truth(expression: Expression, scope: Scope): boolean {
  const value = plain(expression, scope);
  if (typeof value !== 'boolean') throw new MappingError('a condition is no boolean');
  return value;
}

/** A scope with one more variable: the item that a macro looks at. */
export function withItem(scope: Scope, name: string, item: Json): Scope {
  return { ...scope, variables: { ...scope.variables, [name]: item } };
}

/**
 * Whether one of the cases gives the answer that decides (`true` for «or», `false` for «and»). It then
 * makes the others' errors meaningless, in whatever order they come (CEL, logical operators).
 */
export function decided(by: boolean, cases: Iterable<() => boolean>): boolean {
  let failed: MappingError | undefined;
  for (const one of cases) {
    try {
      if (one() === by) return by;
    } catch (error) {
      if (!(error instanceof MappingError)) throw error;
      failed = error;
    }
  }
  if (failed) throw failed;
  return !by;
}
