import { newId } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { places } from '../domain/places.ts';
import { SealError } from '../domain/seal.ts';
import type { PseudonymRow } from '../store/pseudonym-rows.ts';

/** Subjects as the log knows them. */
export interface Pseudonyms {
  /** Subject id → pseudonym; makes those that are not there yet, in the caller's transaction. */
  of(tx: Db, subjectIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The pseudonym of a subject that has one. */
  find(subjectId: string): Promise<string | undefined>;
  /** Pseudonym → subject id, as far as the map still holds them. */
  reverse(pseudonyms: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/**
 * Random, never computed: without its row nobody can say whose a pseudonym is.
 *
 * @throws SealError when a row was not written by this ledger.
 */
export function createPseudonyms(context: Context): Pseudonyms {
  const { tenant, sealer, storage } = context;
  const { pseudonyms } = context.rows;
  const checked = (row: PseudonymRow): PseudonymRow => {
    const place = places.pseudonym(tenant, row.subject_id, row.pseudonym);
    if (sealer.isMac(row.mac, place)) return row;
    throw new SealError(`the pseudonym ${row.pseudonym}`);
  };
  return {
    async of(tx, subjectIds) {
      const found = (await pseudonyms.ofSubjects(tx, subjectIds)).map(checked);
      const known = new Map(found.map((row) => [row.subject_id, row.pseudonym]));
      const made = subjectIds
        .filter((subjectId) => !known.has(subjectId))
        .map((subjectId) => {
          const pseudonym = newId('psn', context);
          const mac = sealer.mac(places.pseudonym(tenant, subjectId, pseudonym));
          return { subject_id: subjectId, pseudonym, mac };
        });
      if (made.length > 0) await pseudonyms.insert(tx, made);
      for (const row of made) known.set(row.subject_id, row.pseudonym);
      return known;
    },
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
