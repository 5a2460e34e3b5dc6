import { CedarSet, makeSet, type Value } from '../values/value.ts';

/** So many elements may a set from outside have. */
export const MAX_SET_ELEMENTS = 10_000;

const FEW = 16;

/** A set of these elements, each once. As `makeSet`, but quicker for a few primitives, the usual. */
export function makeDistinctSet(elements: readonly Value[]): CedarSet {
  return elements.length <= FEW && isDistinct(elements)
    ? new CedarSet(elements)
    : makeSet(elements);
}

/** Whether these are primitives, and none is there twice. */
function isDistinct(elements: readonly Value[]): boolean {
  for (let index = 0; index < elements.length; index += 1) {
    const element = elements[index];
    if (typeof element === 'object') return elements.length === 1;
    for (let other = 0; other < index; other += 1) if (elements[other] === element) return false;
  }
  return true;
}
