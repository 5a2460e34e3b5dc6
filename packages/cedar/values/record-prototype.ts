import type { CedarRecord, Value } from '../values/value.ts';

/**
 * The prototype of records: without `Object.prototype` behind it, an absent `toString` is
 * `undefined`, and `__proto__` is a name like any other. (An object whose own prototype is `null`
 * would be a dictionary to V8, and slow to read.)
 */
export const recordPrototype: object = Object.freeze(Object.create(null) as object); // `any`, by its type.

/** A record with these attributes; `undefined` stands for an absent one. */
export function makeRecord(
  attributes: Iterable<readonly [string, Value | undefined]>,
): CedarRecord {
  // The prototype has no members, so that assignment defines an attribute whatever its name.
  const record = Object.create(recordPrototype) as Record<string, Value | undefined>;
  for (const [name, value] of attributes) record[name] = value;
  return record;
}
