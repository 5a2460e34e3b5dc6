import type { Realm } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { SubjectId } from '../domain/subjects.ts';
import { readOf, type RecoveryRow } from './recovery-rows.ts';
import { tables, type RecoveriesTable } from './tables.ts';

const BATCH_MAX = 100;
const PAGE_MAX = 1_000;

/** SQL of the table `recovery_recoveries`: what is open in one realm, of accounts that there are. */
export function openRows(tenant: string, realm: Realm) {
  const of = (db: Db, state: 'collecting' | 'waiting') =>
    tables(db)
      .selectFrom('recovery_recoveries')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('realm', '=', realm)
      .where('state', '=', state)
      .where('subject_id', 'is not', null);
  return {
    /** All of one state, however many somebody began. */
    async *eachOf(db: Db, state: 'collecting' | 'waiting'): AsyncGenerator<RecoveryRow> {
      let rows: RecoveriesTable[];
      let after = '';
      do {
        rows = await of(db, state)
          .where('recovery_id', '>', after)
          .orderBy('recovery_id')
          .limit(PAGE_MAX)
          .execute();
        for (const row of rows.flatMap((one) => readOf(realm, one) ?? [])) yield row;
        after = rows.at(-1)?.recovery_id ?? after;
      } while (rows.length === PAGE_MAX);
    },

    /** Those that may ask for somebody’s word: their course names them. */
    async listAskingFor(db: Db, contact: SubjectId): Promise<RecoveryRow[]> {
      const rows = await of(db, 'collecting')
        .where(({ eb, fn, val }) =>
          eb(fn<number>('strpos', ['course', val(`"${contact}"`)]), '>', 0),
        )
        .orderBy('recovery_id')
        .limit(BATCH_MAX)
        .execute();
      return rows
        .flatMap((row) => readOf(realm, row) ?? [])
        .filter(
          ({ recovery }) =>
            recovery.contacts.includes(contact) &&
            recovery.vouchers.every(({ by }) => by !== contact),
        );
    },
  };
}
