import { CedarSet, EntityUid, makeSet, type Value } from '../values/value.ts';

/** So many elements may a set from outside have, while they are compared with each other. */
export const MAX_SET_ELEMENTS = 10_000;

const FEW = 16;

/**
 * A set of these elements, each once. As `makeSet`, but without a table where they are few, which is
 * usual, and in linear time where they are references, which may be many.
 */
export function makeDistinctSet(elements: readonly Value[]): CedarSet {
  if (elements.length <= FEW) {
    return isDistinct(elements) ? new CedarSet(elements) : makeSet(elements);
  }
  const references = elements.filter((element) => element instanceof EntityUid);
  return references.length === elements.length ? makeReferenceSet(references) : makeSet(elements);
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

function makeReferenceSet(references: readonly EntityUid[]): CedarSet {
  const idsByType = new Map<string, Set<string>>();
  const distinct = references.filter(({ type, id }) => {
    let ids = idsByType.get(type);
    if (ids === undefined) idsByType.set(type, (ids = new Set()));
    return ids.size !== ids.add(id).size;
  });
  return new CedarSet(distinct);
}
