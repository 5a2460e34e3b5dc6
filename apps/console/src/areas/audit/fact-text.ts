/** `interactionId` → `interaction id`: a member's name as a label. */
export function memberLabel(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}

/** A fact of an entry as one line of text. */
export function factText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(factText).join(' · ') || 'none';
  return JSON.stringify(value);
}
