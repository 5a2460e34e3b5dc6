import type { Json, JsonObject } from '@proofline/kernel';
import { MappingError } from '../mapping-error.ts';
import { step, type Inputs } from './scope.ts';

/** Whether a value is a map. */
export function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** CEL equality: values of two types are unequal, numbers are one type. @throws MappingError */
export function equals(
  one: Json | undefined,
  other: Json | undefined,
  scope: Pick<Inputs, 'budget'>,
): boolean {
  step(scope);
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((item, at) => equals(item, other[at], scope));
  }
  if (isMap(one) && isMap(other)) {
    const names = Object.keys(one);
    return (
      names.length === Object.keys(other).length &&
      names.every((name) => Object.hasOwn(other, name) && equals(one[name], other[name], scope))
    );
  }
  return one === other;
}

/** Which of two numbers or two texts comes first. @throws MappingError for anything else */
export function compare(one: Json, other: Json): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'string' && typeof other === 'string') return compareTexts(one, other);
  throw new MappingError('values that have no order are compared');
}

/** CEL: by code point, where JavaScript compares by code unit. */
function compareTexts(one: string, other: string): number {
  const [ones, others] = [Array.from(one), Array.from(other)];
  for (const [at, letter] of ones.entries()) {
    const against = others[at];
    if (against === undefined) return 1;
    // Each is a whole character.
    const difference = letter.codePointAt(0)! - against.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return ones.length - others.length;
}
