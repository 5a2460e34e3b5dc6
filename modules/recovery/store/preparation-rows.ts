import type { Id } from '@proofline/kernel';
import { idOf } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { z } from 'zod';
import { tables, type PreparationsTable } from './tables.ts';

/** A recovery code as it is kept: never the code. */
export interface SealedCode {
  readonly salt: string;
  readonly hash: string;
  readonly madeAtMs: number;
}

/** What a subject laid by. */
export interface Preparation {
  readonly subjectId: Id<'stf'>;
  readonly contacts: readonly Id<'stf'>[];
  readonly contactsNeeded: number;
  readonly chosenAtMs: number | null;
  readonly code: SealedCode | null;
}

/** A row: the preparation, and the entry that says so. */
export interface PreparationRow extends Preparation {
  readonly evidenceId: Id<'evt'>;
}

const Contacts = z.array(idOf('stf'));

/** SQL of the table `recovery_preparations`. */
export function preparationRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('recovery_preparations').selectAll().where('tenant', '=', tenant);
  return {
    async find(db: Db, subjectId: Id<'stf'>): Promise<PreparationRow | undefined> {
      const row = await from(db).where('subject_id', '=', subjectId).executeTakeFirst();
      return row && read(row);
    },

    async keep(db: Db, row: PreparationRow): Promise<void> {
      const values = {
        contacts: JSON.stringify(row.contacts),
        contacts_needed: row.contactsNeeded,
        chosen_at: row.chosenAtMs === null ? null : new Date(row.chosenAtMs),
        code_salt: row.code?.salt ?? null,
        code_hash: row.code?.hash ?? null,
        code_made_at: row.code ? new Date(row.code.madeAtMs) : null,
        evidence_id: row.evidenceId,
      };
      await tables(db)
        .insertInto('recovery_preparations')
        .values({ ...values, tenant, subject_id: row.subjectId })
        .onConflict((conflict) => conflict.columns(['tenant', 'subject_id']).doUpdateSet(values))
        .execute();
    },
  };
}

function read(row: PreparationsTable): PreparationRow {
  const { code_hash: hash, code_made_at: madeAt, code_salt: salt } = row;
  return {
    // These columns hold only what this module wrote: ids of these kinds.
    subjectId: row.subject_id as Id<'stf'>,
    evidenceId: row.evidence_id as Id<'evt'>,
    contacts: Contacts.parse(JSON.parse(row.contacts)),
    contactsNeeded: row.contacts_needed,
    chosenAtMs: row.chosen_at?.getTime() ?? null,
    code:
      hash === null || salt === null || madeAt === null
        ? null
        : { hash, salt, madeAtMs: madeAt.getTime() },
  };
}
