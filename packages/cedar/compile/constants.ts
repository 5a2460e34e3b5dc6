import { EvaluationError, type EvaluationErrorCode } from '../evaluation-error.ts';
import type { Expression } from '../policy/expression.ts';
import { extensionFunctions } from '../values/extension-functions.ts';
import { makeSet, type Value } from '../values/value.ts';

/** What an expression without variables comes to: a value, or the error that it always ends in. */
export type Constant =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'error'; readonly code: EvaluationErrorCode };

/**
 * The value of a literal, of a set of such, and of an extension value made from a text: what is
 * worth computing once. `undefined` for everything else.
 */
export function constantOf(expression: Expression): Constant | undefined {
  const { kind } = expression;
  if (kind === 'literal') return { kind: 'value', value: expression.value };
  if (kind === 'set') return constantSet(expression.elements);
  if (kind === 'call') return constantCall(expression.name, expression.arguments);
  return undefined;
}

function constantSet(elements: readonly Expression[]): Constant | undefined {
  const values: Value[] = [];
  for (const element of elements) {
    const constant = constantOf(element);
    if (constant?.kind !== 'value') return undefined;
    values.push(constant.value);
  }
  return { kind: 'value', value: makeSet(values) };
}

function constantCall(name: string, args: readonly Expression[]): Constant | undefined {
  const [text] = args;
  const made = extensionFunctions.get(name);
  if (made?.arity !== 1 || args.length !== 1 || text?.kind !== 'literal') return undefined;
  try {
    return { kind: 'value', value: made.call([text.value]) };
  } catch (error) {
    if (error instanceof EvaluationError) return { kind: 'error', code: error.code };
    throw error;
  }
}
