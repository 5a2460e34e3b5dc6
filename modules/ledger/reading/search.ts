import { isId, limits, type Id } from '@proofline/kernel';
import type { EvidenceKind, Total } from '@proofline/protocol';
import { totalOf } from '@proofline/storage';
import type { Context } from '../context.ts';
import type { Pseudonyms } from '../commands/pseudonyms.ts';
import { routineActions } from '../domain/routine.ts';
import type { EntryQuery } from '../store/entry-rows.ts';
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
  /** One page of a search and where it stands among all that is found. */
  page(search: Search): Promise<FoundPage>;
  /** The entry of an id, or those about it: where a chain begins. Oldest first. */
  seeds(id: string, count: number): Promise<readonly ReadEntry[]>;
  find(evidenceId: Id<'evt'>): Promise<ReadEntry | undefined>;
}

/** A page of what was found. */
export interface FoundPage {
  readonly entries: readonly ReadEntry[];
  /** The place before which the next page begins; absent on the last one. */
  readonly nextCursor?: number;
  readonly total: Total;
  /** Which of all the page begins with, from 1; absent beyond those that are counted. */
  readonly first?: number;
}

/** Entries about the reading of entries do not belong to a chain. */
const READING = new Set([
  'evidence.read',
  'evidence.exported',
  'evidence.log-opened',
  'evidence.log-read',
]);

/** @see Finder */
export function createFinder(context: Context, pseudonyms: Pseudonyms): Finder {
  const { rows, storage } = context;

  /** What stands in the index for what was typed; `undefined`: nothing can. */
  async function valueOf(text: string): Promise<string | undefined> {
    if (/^[a-z]{3}_/.test(text) && !isSubjectId(text)) return text;
    const subjectId = isSubjectId(text) ? text : await context.resolveSubject?.(text);
    return subjectId === undefined ? undefined : pseudonyms.find(subjectId);
  }

  /** What is looked up in the log; `undefined`: nothing can be found. */
  async function queryOf(wanted: Search): Promise<EntryQuery | undefined> {
    const { id, routine, ...asked } = wanted;
    const without = routine === 'hidden' ? routineActions : undefined;
    if (id === undefined || id === '') return { ...asked, without };
    const value = await valueOf(id);
    if (value === undefined) return undefined;
    // Who asks about a person wants all that the person did.
    return { ...asked, values: [value], without: isId('psn', value) ? undefined : without };
  }

  async function search(wanted: Search): Promise<readonly ReadEntry[]> {
    const query = await queryOf(wanted);
    return query ? (await rows.entries.search(storage.db, query)).map(readEntryRow) : [];
  }

  async function page(wanted: Search): Promise<FoundPage> {
    const query = await queryOf(wanted);
    if (!query) return { entries: [], total: totalOf(0) };
    const { before, count } = query;
    // One more than asked for says whether there is a next page.
    const found = await rows.entries.search(storage.db, { ...query, count: count + 1 });
    const entries = found.slice(0, count).map(readEntryRow);
    const hasNext = found.length > count;
    const nextCursor = hasNext ? entries.at(-1)?.row.index : undefined;
    // What is on one page is counted already.
    const isWhole = before === undefined && !hasNext;
    const places = isWhole
      ? entries.map(({ row }) => row.index)
      : await rows.entries.searchPlaces(storage.db, {
          ...query,
          before: undefined,
          count: limits.countedMaxRows,
        });
    const at = before === undefined ? 0 : places.findIndex((place) => place < before);
    return {
      entries,
      ...(nextCursor !== undefined && { nextCursor }),
      total: totalOf(places.length),
      ...(at >= 0 && entries.length > 0 && { first: at + 1 }),
    };
  }

  async function find(evidenceId: Id<'evt'>): Promise<ReadEntry | undefined> {
    const [row] = await rows.entries.findByIds(storage.db, [evidenceId]);
    return row && readEntryRow(row);
  }

  return {
    search,
    page,
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
