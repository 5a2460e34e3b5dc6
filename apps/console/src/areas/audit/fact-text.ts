/** A fact of an entry as one line of text. */
export function factText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
