import { canonicalJson, type JsonObject } from '@proofline/kernel';

/** The names of the attributes whose values differ, never the values. */
export function changedNames(before: JsonObject, after: JsonObject): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const text = (value: JsonObject[string]) => (value === undefined ? '' : canonicalJson(value));
  return [...names].filter((name) => text(before[name]) !== text(after[name])).toSorted();
}
