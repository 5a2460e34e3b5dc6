import type { Id } from '@proofline/kernel';
import { among, type Db } from '@proofline/storage';
import { tables, type ScimGroupsTable } from '../../store/tables.ts';

/** A group of a directory. */
export interface GroupRow {
  readonly groupId: Id<'grp'>;
  readonly name: string;
  readonly externalId: string | undefined;
  readonly version: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  /** The entry of the last change. */
  readonly evidenceId: Id<'evt'>;
}

const keyOf = (name: string) => name.normalize('NFC').toLowerCase();

/** SQL of the tables `scim_groups` and `scim_group_members`. */
export function groupRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('scim_groups').selectAll().where('tenant', '=', tenant);
  const members = (db: Db) =>
    tables(db).selectFrom('scim_group_members').where('tenant', '=', tenant);
  const forget = (db: Db) =>
    tables(db).deleteFrom('scim_group_members').where('tenant', '=', tenant);
  return {
    async find(db: Db, groupId: Id<'grp'>): Promise<GroupRow | undefined> {
      return read(await from(db).where('group_id', '=', groupId).executeTakeFirst());
    },

    async findByName(db: Db, name: string): Promise<GroupRow | undefined> {
      return read(await from(db).where('name_key', '=', keyOf(name)).executeTakeFirst());
    },

    /** Oldest first. */
    async list(db: Db, limit: number): Promise<GroupRow[]> {
      return (await from(db).orderBy('group_id').limit(limit).execute()).map(readRow);
    },

    async put(db: Db, row: GroupRow): Promise<void> {
      const values = {
        name_key: keyOf(row.name),
        name: row.name,
        external_id: row.externalId ?? null,
        version: row.version,
        changed_at: row.changedAt,
        evidence_id: row.evidenceId,
      };
      await tables(db)
        .insertInto('scim_groups')
        .values({ tenant, group_id: row.groupId, created_at: row.createdAt, ...values })
        .onConflict((conflict) => conflict.columns(['tenant', 'group_id']).doUpdateSet(values))
        .execute();
    },

    async remove(db: Db, groupId: Id<'grp'>): Promise<void> {
      await forget(db).where('group_id', '=', groupId).execute();
      await tables(db)
        .deleteFrom('scim_groups')
        .where('tenant', '=', tenant)
        .where('group_id', '=', groupId)
        .execute();
    },

    async membersOf(db: Db, groupId: Id<'grp'>): Promise<Id<'stf'>[]> {
      const rows = await members(db)
        .select('subject_id')
        .where('group_id', '=', groupId)
        .orderBy('subject_id')
        .execute();
      // This column holds only what this module wrote: ids of this kind.
      return rows.map(({ subject_id: id }) => id as Id<'stf'>);
    },

    async addMembers(db: Db, groupId: Id<'grp'>, subjectIds: readonly Id<'stf'>[]): Promise<void> {
      // Batches of at most 1,000 rows.
      for (let at = 0; at < subjectIds.length; at += 1_000) {
        const values = subjectIds
          .slice(at, at + 1_000)
          .map((id) => ({ tenant, group_id: groupId, subject_id: id }));
        await tables(db).insertInto('scim_group_members').values(values).execute();
      }
    },

    async removeMembers(
      db: Db,
      groupId: Id<'grp'>,
      subjectIds: readonly Id<'stf'>[],
    ): Promise<void> {
      if (subjectIds.length === 0) return;
      await forget(db)
        .where('group_id', '=', groupId)
        .where(among('subject_id', 'text', subjectIds))
        .execute();
    },

    async leaveAll(db: Db, subjectId: Id<'stf'>): Promise<void> {
      await forget(db).where('subject_id', '=', subjectId).execute();
    },

    /** In which groups each of these people is. */
    async groupsOf(
      db: Db,
      subjectIds: readonly Id<'stf'>[],
    ): Promise<ReadonlyMap<string, readonly GroupRow[]>> {
      if (subjectIds.length === 0) return new Map();
      const rows = await members(db)
        .select(['subject_id', 'group_id'])
        .where(among('subject_id', 'text', subjectIds))
        .orderBy('group_id')
        .execute();
      const ids = [...new Set(rows.map(({ group_id: id }) => id))];
      if (ids.length === 0) return new Map();
      const found = await from(db)
        .where(among('group_id', 'text', ids))
        .execute();
      const groups = new Map(found.map((row) => [row.group_id, readRow(row)]));
      const bySubject = new Map<string, GroupRow[]>();
      for (const { subject_id: subjectId, group_id: groupId } of rows) {
        const group = groups.get(groupId);
        if (group) bySubject.set(subjectId, [...(bySubject.get(subjectId) ?? []), group]);
      }
      return bySubject;
    },
  };
}

function read(row: ScimGroupsTable | undefined): GroupRow | undefined {
  return row && readRow(row);
}

function readRow(row: ScimGroupsTable): GroupRow {
  return {
    // These columns hold only what this module wrote: ids of these kinds.
    groupId: row.group_id as Id<'grp'>,
    evidenceId: row.evidence_id as Id<'evt'>,
    name: row.name,
    externalId: row.external_id ?? undefined,
    version: row.version,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  };
}
