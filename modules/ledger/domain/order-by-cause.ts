/** An entry on its way into the log. */
interface Recorded {
  readonly id: string;
  readonly causes: readonly string[];
}

/**
 * Puts causes before what they led to, and otherwise leaves the order alone. Within one process the
 * outbox is in that order already; two processes' clocks may disagree.
 */
export function orderByCause<T extends Recorded>(entries: readonly T[]): T[] {
  const waiting = new Map(entries.map((entry) => [entry.id, entry]));
  const ordered: T[] = [];
  const place = (entry: T): void => {
    if (!waiting.delete(entry.id)) return;
    for (const cause of entry.causes) {
      const before = waiting.get(cause);
      if (before) place(before);
    }
    ordered.push(entry);
  };
  for (const entry of entries) place(entry);
  return ordered;
}
