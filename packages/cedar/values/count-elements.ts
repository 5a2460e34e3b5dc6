import { CedarInputError, type InputPath } from '../input-error.ts';

/**
 * So many values may a context, or an attribute that is read without a schema, hold: a hostile one
 * of ten megabytes would hold a million, and each costs something until the answer is there.
 */
export const MAX_VALUES = 50_000;

/** Throws a `CedarInputError` where the lists of JSON have too many elements, all together. */
export function countElements(json: unknown, path: InputPath): void {
  const open: unknown[] = [json];
  let count = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) count += value.length;
    if (count > MAX_VALUES) {
      throw new CedarInputError('too-large', `there are more than ${MAX_VALUES} elements`, path);
    }
    const members: readonly unknown[] = Object.values(value);
    for (const member of members) {
      if (typeof member === 'object' && member !== null) open.push(member);
    }
  }
}
