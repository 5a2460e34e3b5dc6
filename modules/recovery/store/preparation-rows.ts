import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { z } from 'zod';
import type { Preparation } from '../domain/preparation.ts';
import { SubjectId } from '../domain/subjects.ts';
import { tables, type PreparationsTable } from './tables.ts';

/** A row: the preparation, and the entry that says so. */
export interface PreparationRow extends Preparation {
  readonly evidenceId: Id<'evt'>;
}

const Contacts = z.array(SubjectId);
const Since = z.array(z.number());

/** SQL of the table `recovery_preparations`. */
export function preparationRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('recovery_preparations').selectAll().where('tenant', '=', tenant);
  return {
    async find(db: Db, subjectId: SubjectId): Promise<PreparationRow | undefined> {
      const row = await from(db).where('subject_id', '=', subjectId).executeTakeFirst();
      return row && read(row);
    },

    async keep(db: Db, row: PreparationRow): Promise<void> {
      const values = {
        contacts: JSON.stringify(row.contacts),
        contacts_since: row.contactsSinceMs && JSON.stringify(row.contactsSinceMs),
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
    subjectId: row.subject_id as SubjectId,
    evidenceId: row.evidence_id as Id<'evt'>,
    contacts: Contacts.parse(JSON.parse(row.contacts)),
    contactsSinceMs:
      row.contacts_since === null ? null : Since.parse(JSON.parse(row.contacts_since)),
    contactsNeeded: row.contacts_needed,
    chosenAtMs: row.chosen_at?.getTime() ?? null,
    code:
      hash === null || salt === null || madeAt === null
        ? null
        : { hash, salt, madeAtMs: madeAt.getTime() },
  };
}
