/** Everything above `start`, at any distance; `start` itself only where it is above itself. */
export function closeUpward<T>(start: T, parentsOf: (node: T) => Iterable<T>): Set<T> {
  const above = new Set<T>(parentsOf(start));
  // A set hands out what is added to it while it is walked.
  for (const node of above) for (const parent of parentsOf(node)) above.add(parent);
  return above;
}
