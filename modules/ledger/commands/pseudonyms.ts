import { newId } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { places } from '../domain/places.ts';
import { SealError } from '../domain/seal.ts';
import type { PseudonymRow } from '../store/pseudonym-rows.ts';
import { committedCache } from './committed-cache.ts';

const CACHED_MAX = 50_000;

/** Subjects as the log knows them. */
export interface Pseudonyms {
  /** Subject id → pseudonym; makes those that are not there yet, in the caller's transaction. */
  of(
    tx: Db,
    evidenceId: string,
    subjectIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>>;
  /** {@link of} without a look into the database; `undefined` where one is not in memory. */
  remembered(subjectIds: readonly string[]): ReadonlyMap<string, string> | undefined;
  /** The entry is in the log: what its transaction wrote may be remembered. */
  confirm(evidenceId: string): void;
  /** Pseudonyms may have been erased: none is in memory any more. */
  forget(): void;
  /** The pseudonym of a subject that has one. */
  find(subjectId: string): Promise<string | undefined>;
  /** Pseudonym → subject id, as far as the map still holds them. */
  reverse(pseudonyms: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/**
 * Random, never computed: without its row nobody can say whose a pseudonym is.
 *
 * Transactions are SERIALIZABLE, so one that reads this table here conflicts with all that add to
 * it. Hence: known ones from memory, unknown ones inserted first, and read only if they were there.
 *
 * @throws SealError when a row was not written by this ledger.
 */
export function createPseudonyms(context: Context): Pseudonyms {
  const { tenant, sealer, storage } = context;
  const { pseudonyms } = context.rows;
  const cache = committedCache<string>(CACHED_MAX);
  const checked = (row: PseudonymRow): PseudonymRow => {
    const place = places.pseudonym(tenant, row.subject_id, row.pseudonym);
    if (sealer.isMac(row.mac, place)) return row;
    throw new SealError(`the pseudonym ${row.pseudonym}`);
  };

  function make(subjectId: string): PseudonymRow {
    const pseudonym = newId('psn', context);
    const mac = sealer.mac(places.pseudonym(tenant, subjectId, pseudonym));
    return { subject_id: subjectId, pseudonym, mac };
  }

  async function insertOrFind(
    tx: Db,
    subjectIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    // In one order: two transactions that each wait for the other's row would end one of them.
    const inserted = await pseudonyms.insert(tx, subjectIds.toSorted().map(make));
    const fresh = new Set(inserted.map((row) => row.subject_id));
    const earlier = subjectIds.filter((subjectId) => !fresh.has(subjectId));
    const rows = [...inserted, ...(await pseudonyms.ofSubjects(tx, earlier)).map(checked)];
    return new Map(rows.map((row) => [row.subject_id, row.pseudonym]));
  }

  return {
    async of(tx, evidenceId, subjectIds) {
      const unknown = subjectIds.filter((subjectId) => cache.get(subjectId) === undefined);
      const found = unknown.length > 0 ? await insertOrFind(tx, unknown) : new Map();
      cache.propose(evidenceId, found);
      return new Map(subjectIds.map((id) => [id, cache.get(id) ?? found.get(id)!]));
    },
    remembered(subjectIds) {
      const found = new Map<string, string>();
      for (const id of subjectIds) {
        const pseudonym = cache.get(id);
        if (pseudonym === undefined) return undefined;
        found.set(id, pseudonym);
      }
      return found;
    },
    confirm: (evidenceId) => cache.confirm(evidenceId),
    forget: () => cache.clear(),
    async find(subjectId) {
      const [row] = await pseudonyms.ofSubjects(storage.db, [subjectId]);
      return row && checked(row).pseudonym;
    },
    async reverse(wanted) {
      const rows = await pseudonyms.ofPseudonyms(storage.db, [...new Set(wanted)]);
      return new Map(rows.map(checked).map((row) => [row.pseudonym, row.subject_id]));
    },
  };
}
