import type { Id, JsonObject } from '@proofline/kernel';
import { among, type Db } from '@proofline/storage';
import { tables, type ScimPeopleTable } from '../../store/tables.ts';

/** What a directory says of a person. */
export interface PersonRow {
  readonly subjectId: Id<'stf'>;
  /** Attributes by their names in RFC 7643; neither `active` nor anything of ours. */
  readonly resource: JsonObject;
  readonly version: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly isRemoved: boolean;
  /** The entry of the last change. */
  readonly evidenceId: Id<'evt'>;
}

/** How two user names are compared (RFC 7643 §4.1.1: not by case). */
export const userNameKey = (userName: string): string => userName.normalize('NFC').toLowerCase();

/** SQL of the table `scim_people`. */
export function personRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('scim_people').selectAll().where('tenant', '=', tenant);
  const standing = (db: Db) => from(db).where('removed_at', 'is', null);
  return {
    /** Whether removed or not. */
    async find(db: Db, subjectId: Id<'stf'>): Promise<PersonRow | undefined> {
      return read(await from(db).where('subject_id', '=', subjectId).executeTakeFirst());
    },

    async findByUserName(db: Db, userName: string): Promise<PersonRow | undefined> {
      const key = userNameKey(userName);
      return read(await standing(db).where('user_name_key', '=', key).executeTakeFirst());
    },

    async findMany(db: Db, subjectIds: readonly Id<'stf'>[]): Promise<PersonRow[]> {
      if (subjectIds.length === 0) return [];
      const rows = await standing(db)
        .where(among('subject_id', 'text', subjectIds))
        .execute();
      return rows.map(readRow);
    },

    /** Oldest first; `by` where a filter names one thing only. */
    async list(
      db: Db,
      page: {
        readonly by?: { readonly userName: string } | { readonly externalId: string } | undefined;
        readonly offset: number;
        readonly limit: number;
      },
    ): Promise<PersonRow[]> {
      let query = standing(db).orderBy('subject_id').offset(page.offset).limit(page.limit);
      if (page.by && 'userName' in page.by)
        query = query.where('user_name_key', '=', userNameKey(page.by.userName));
      if (page.by && 'externalId' in page.by)
        query = query.where('external_id', '=', page.by.externalId);
      return (await query.execute()).map(readRow);
    },

    async count(db: Db): Promise<number> {
      const row = await tables(db)
        .selectFrom('scim_people')
        .select(({ fn }) => fn.countAll().as('n'))
        .where('tenant', '=', tenant)
        .where('removed_at', 'is', null)
        .executeTakeFirst();
      return Number(row?.n ?? 0);
    },

    /** Writes a person; one who was removed comes back. */
    async put(
      db: Db,
      row: Omit<PersonRow, 'createdAt' | 'isRemoved'> & {
        readonly userName: string;
        readonly externalId: string | undefined;
        readonly removedAt: Date | undefined;
      },
    ): Promise<void> {
      const values = {
        user_name_key: userNameKey(row.userName),
        external_id: row.externalId ?? null,
        resource: row.resource,
        version: row.version,
        changed_at: row.changedAt,
        removed_at: row.removedAt ?? null,
        evidence_id: row.evidenceId,
      };
      await tables(db)
        .insertInto('scim_people')
        .values({ tenant, subject_id: row.subjectId, created_at: row.changedAt, ...values })
        .onConflict((conflict) => conflict.columns(['tenant', 'subject_id']).doUpdateSet(values))
        .execute();
    },
  };
}

function read(row: ScimPeopleTable | undefined): PersonRow | undefined {
  return row && readRow(row);
}

function readRow(row: ScimPeopleTable): PersonRow {
  return {
    // These columns hold only what this module wrote: ids of these kinds.
    subjectId: row.subject_id as Id<'stf'>,
    evidenceId: row.evidence_id as Id<'evt'>,
    resource: row.resource,
    version: row.version,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    isRemoved: row.removed_at !== null,
  };
}
