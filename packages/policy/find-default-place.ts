/**
 * Where in a schema’s text the `@default` of an attribute stands: the offset of its `@`, or 0 where
 * comments between keep it from being found. Cedar accepted the text before.
 */
export function findDefaultPlace(schema: string, attribute: string): number {
  for (const { index, 0: annotation } of schema.matchAll(DEFAULT)) {
    const rest = schema.slice(index + annotation.length);
    const [, plain, quoted] = DECLARED.exec(rest) ?? [];
    if ((plain ?? quoted) === attribute) return index;
  }
  return 0;
}

const DEFAULT = /@default\s*\(\s*"(?:[^"\\]|\\.)*"\s*\)/g;
/** Further annotations, the word that introduces a type or an action, and the name itself. */
const DECLARED =
  /^(?:\s|@\w+(?:\s*\(\s*"(?:[^"\\]|\\.)*"\s*\))?)*(?:(?:type|entity|action|namespace)\s+)?(?:(\w+)|"([^"]*)")/;
