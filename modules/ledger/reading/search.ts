import { isId, limits, type Id } from '@proofline/kernel';
import type { EvidenceKind, EvidenceOutcome, Total } from '@proofline/protocol';
import { totalOf } from '@proofline/storage';
import type { Context } from '../context.ts';
import type { Pseudonyms } from '../commands/pseudonyms.ts';
import { routineActions } from '../domain/routine.ts';
import { isAboutPerson, readNamed } from '../domain/searched-text.ts';
import type { Follower } from '../projection/create-follower.ts';
import { searchFacets, type FacetQuery, type Term } from '../store/facet-search.ts';
import { REACH_MAX, reachOf, type Reach } from './reach.ts';
import { readEntryRow, type ReadEntry } from './read-rows.ts';

/** What an auditor asks for. All of it narrows. */
export interface Search {
  /** Any id, or a text that `resolveSubject` or `findSubjects` knows (an account number, a name). */
  readonly id?: string | undefined;
  /** The same, of whoever acted. */
  readonly actor?: string | undefined;
  /** What the entry names as well. */
  readonly about?: string | undefined;
  readonly kind?: EvidenceKind | undefined;
  readonly action?: string | undefined;
  readonly outcome?: EvidenceOutcome | undefined;
  /** What was permitted without an identity proof behind it. */
  readonly only?: 'orphans' | undefined;
  /** What followed as well, though it does not name the id. */
  readonly reach?: 'followed' | undefined;
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
  /** One page of a search and where it stands among all that is found. */
  page(search: Search): Promise<FoundPage>;
  /** The places of all entries that name it, or followed from one that does. */
  reached(of: Pick<Search, 'from' | 'id' | 'to'>): Promise<Reach>;
  /** The entry of an id, or those about it: where a chain begins. Oldest first. */
  seeds(id: string, count: number): Promise<readonly ReadEntry[]>;
  find(evidenceId: Id<'evt'>): Promise<ReadEntry | undefined>;
  /** What must be named for an id or a text; `undefined`: nothing can be found. */
  termOf(text: string): Promise<Named | undefined>;
}

/** What was typed, as the index knows it. */
export interface Named {
  readonly term?: Term;
  /** Digest of a release of policies. */
  readonly release?: string;
}

const nothingAsked: Named = {};

/** A page of what was found. */
export interface FoundPage {
  readonly entries: readonly ReadEntry[];
  /** The place before which the next page begins; absent on the last one. */
  readonly nextCursor?: number;
  readonly total: Total;
  /** Which of all the page begins with, from 1; absent beyond those that are counted. */
  readonly first?: number;
  readonly searchedSize: number;
}

/** Entries about the reading of entries do not belong to a chain. */
const READING = new Set([
  'evidence.inquiry-opened',
  'evidence.searched',
  'evidence.read',
  'evidence.exported',
  'evidence.log-opened',
  'evidence.log-read',
]);
const ACTOR_ROLES = ['subject:actor', 'subject:agent', 'subject:asker'];

interface Parts {
  readonly context: Context;
  readonly pseudonyms: Pseudonyms;
  readonly follower: Follower;
}

/** @see Finder */
export function createFinder({ context, follower, pseudonyms }: Parts): Finder {
  const { rows, storage, tenant } = context;

  async function termOf(text: string): Promise<Named | undefined> {
    const named = readNamed(text);
    if (named.what === 'thing') return { term: { values: [named.id] } };
    if (named.what === 'release') return { release: named.digest };
    const subjects = named.what === 'subject' ? [named.id] : await subjectsOf(context, named.text);
    const found = await Promise.all(subjects.map((subject) => pseudonyms.find(subject)));
    const values = found.filter((one) => one !== undefined);
    return values.length > 0 ? { term: { values } } : undefined;
  }

  /** What the texts of a search stand for; `undefined`: one of them for nothing that there is. */
  async function namedIn({ about, actor, id }: Search) {
    const [named, also, acted] = await Promise.all(
      [id, about, actor].map(async (text) => (text ? termOf(text) : nothingAsked)),
    );
    if (!named || !also || !acted) return undefined;
    // Nobody is a release of policies.
    if ((also.release ?? acted.release) !== undefined) return undefined;
    return { named, also, acted };
  }

  /** What is looked up in the log; `undefined`: nothing can be found. */
  async function queryOf(wanted: Search): Promise<FacetQuery | undefined> {
    const { about: _, actor: _a, id: _i, only, reach, routine, ...asked } = wanted;
    const texts = await namedIn(wanted);
    if (!texts) return undefined;
    const { acted, also, named } = texts;
    // Where all that followed is asked for, the entries that name it are only where it begins.
    const { places } = reach ? await reached(wanted) : {};
    const terms = [
      places ? undefined : named.term,
      also.term,
      acted.term && { ...acted.term, roles: ACTOR_ROLES },
    ];
    // Who asks about a person wants all that the person did, and who looks for a fault all that there is.
    const isWhole = (only ?? reach) !== undefined || isAboutPerson(wanted);
    return {
      ...asked,
      terms: terms.filter((term) => term !== undefined),
      ...(places ? { places } : { release: named.release }),
      isOrphan: only === 'orphans',
      without: routine === 'hidden' && !isWhole ? routineActions : undefined,
    };
  }

  async function reached({ from, id, to }: Pick<Search, 'from' | 'id' | 'to'>): Promise<Reach> {
    await follower.catchUp();
    const named = id ? await termOf(id) : nothingAsked;
    if (!named) return { places: [], truncated: false };
    const terms = named.term ? [named.term] : [];
    const query = { terms, release: named.release, from, to, count: REACH_MAX + 1 };
    return reachOf(context, await searchFacets(storage.db, tenant, query));
  }

  async function read(places: readonly number[]): Promise<readonly ReadEntry[]> {
    const found = await rows.entries.findByIndexes(storage.db, places);
    return (
      found
        // Erased a moment ago, while this was looked up.
        .filter(({ leaf }) => leaf !== '')
        .map(readEntryRow)
        .toSorted((left, right) => right.row.index - left.row.index)
    );
  }

  async function page(wanted: Search): Promise<FoundPage> {
    const query = await queryOf(wanted);
    const searchedSize = await follower.catchUp();
    if (!query) return { entries: [], total: totalOf(0), searchedSize };
    const { before, count } = query;
    // One more than asked for says whether there is a next page.
    const found = await searchFacets(storage.db, tenant, { ...query, count: count + 1 });
    const entries = await read(found.slice(0, count));
    const hasNext = found.length > count;
    const nextCursor = hasNext ? found[count - 1] : undefined;
    // What is on one page is counted already.
    const isWhole = before === undefined && !hasNext;
    const places = isWhole
      ? found
      : await searchFacets(storage.db, tenant, {
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
      searchedSize,
    };
  }

  async function find(evidenceId: Id<'evt'>): Promise<ReadEntry | undefined> {
    const [row] = await rows.entries.findByIds(storage.db, [evidenceId]);
    return row && readEntryRow(row);
  }

  return {
    page,
    reached,
    find,
    termOf,
    async seeds(id, count) {
      if (isId('evt', id)) {
        const one = await find(id);
        return one ? [one] : [];
      }
      const named = await termOf(id);
      if (!named?.term) return [];
      // By the log's own index, and not by what is made from the log afterwards: nothing may be left out.
      const found = await read(await rows.refs.placesOf(storage.db, named.term.values, count));
      return found.filter(({ entry }) => !READING.has(entry.kind)).toReversed();
    },
  };
}

/** An account number is one subject’s; a name may be several people’s. */
export async function subjectsOf(context: Context, text: string): Promise<readonly string[]> {
  const one = await context.resolveSubject?.(text);
  return one === undefined ? ((await context.findSubjects?.(text)) ?? []) : [one];
}
