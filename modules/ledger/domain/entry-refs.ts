import type { RefRow } from '../store/ref-rows.ts';
import type { PlacedEntry } from './recent-entries.ts';

/** What an entry can be found by: its own id, its causes, its refs, its subjects' pseudonyms. */
export function entryRefs(entry: PlacedEntry, index: number): RefRow[] {
  const rows: RefRow[] = [{ index, role: 'entry', value: entry.id }];
  for (const value of entry.causes) rows.push({ index, role: 'cause', value });
  for (const [name, value] of Object.entries(entry.refs)) {
    rows.push({ index, role: `ref:${name}`, value });
  }
  for (const [name, value] of Object.entries(entry.subjects)) {
    rows.push({ index, role: `subject:${name}`, value });
  }
  // Two causes of one value cannot be; the entry's schema refuses them.
  return rows;
}
