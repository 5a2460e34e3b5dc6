import { isId, type Id } from '@proofline/kernel';
import type { EvidenceKind } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { Pseudonyms } from '../commands/pseudonyms.ts';
import { routineActions } from '../domain/routine.ts';
import { readEntryRow, type ReadEntry } from './read-rows.ts';

/** What an auditor asks for. All of it narrows. */
export interface Search {
  /** Any id, or a text that `resolveSubject` knows (an account number). */
  readonly id?: string | undefined;
  readonly kind?: EvidenceKind | undefined;
  /** Leaves out the permits that are routine, unless somebody is searched for. */
  readonly routine?: 'hidden' | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Only entries before this index. */
  readonly before?: number | undefined;
  readonly count: number;
}

/** Finds entries, newest first. */
export interface Finder {
  search(search: Search): Promise<readonly ReadEntry[]>;
  /** The entry of an id, or those about it: where a chain begins. Oldest first. */
  seeds(id: string, count: number): Promise<readonly ReadEntry[]>;
  find(evidenceId: Id<'evt'>): Promise<ReadEntry | undefined>;
}

/** Entries about the reading of entries do not belong to a chain. */
const READING = new Set(['evidence.read', 'evidence.exported']);

/** @see Finder */
export function createFinder(context: Context, pseudonyms: Pseudonyms): Finder {
  const { rows, storage } = context;

  /** What stands in the index for what was typed; `undefined`: nothing can. */
  async function valueOf(text: string): Promise<string | undefined> {
    if (/^[a-z]{3}_/.test(text) && !isSubjectId(text)) return text;
    const subjectId = isSubjectId(text) ? text : await context.resolveSubject?.(text);
    return subjectId === undefined ? undefined : pseudonyms.find(subjectId);
  }

  async function search(wanted: Search): Promise<readonly ReadEntry[]> {
    const { id, routine, ...asked } = wanted;
    const without = routine === 'hidden' ? routineActions : undefined;
    if (id === undefined || id === '')
      return (await rows.entries.search(storage.db, { ...asked, without })).map(readEntryRow);
    const value = await valueOf(id);
    if (value === undefined) return [];
    // Who asks about a person wants all that the person did.
    const query = isId('psn', value) ? asked : { ...asked, without };
    const found = await rows.entries.search(storage.db, { ...query, values: [value] });
    return found.map(readEntryRow);
  }

  async function find(evidenceId: Id<'evt'>): Promise<ReadEntry | undefined> {
    const [row] = await rows.entries.findByIds(storage.db, [evidenceId]);
    return row && readEntryRow(row);
  }

  return {
    search,
    find,
    async seeds(id, count) {
      if (isId('evt', id)) {
        const one = await find(id);
        return one ? [one] : [];
      }
      const found = await search({ id, count });
      return found.filter(({ entry }) => !READING.has(entry.kind)).toReversed();
    },
  };
}

function isSubjectId(text: string): boolean {
  return /^(?:stf|cus|svc)_/.test(text);
}
