import type { Id } from '@proofline/kernel';
import { Role } from '@proofline/protocol';
import { among, compileOnce, toCondition, type Db, type SqlCondition } from '@proofline/storage';
import type { Colleague } from '../types.ts';
import { tables, type StaffTable } from './tables.ts';

/** A workforce subject as the module itself sees them. */
export interface StaffRow {
  readonly subjectId: Id<'stf'>;
  readonly employeeNumber: string;
  readonly displayName: string;
  readonly desk: string;
  /** The WebAuthn user handle: random, base64url, says nothing about the person. */
  readonly userHandle: string;
  /** `left`: a directory said so. What they had before is kept, and comes back with them. */
  readonly state: 'invited' | 'registered' | 'active' | 'left';
  readonly role: Role | undefined;
  /** The entry that gave the role. */
  readonly roleEvidenceId: Id<'evt'> | undefined;
  /** It was recovered: until then it counts for less. */
  readonly recoveredUntil: Date | undefined;
}

interface Named {
  readonly tenant: string;
  readonly subjectId: Id<'stf'>;
}

const byId = compileOnce((db: Db, { tenant, subjectId }: Named) =>
  tables(db)
    .selectFrom('workforce_staff')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('subject_id', '=', subjectId),
);

/** SQL of the table `workforce_staff`. */
export function staffRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('workforce_staff').selectAll().where('tenant', '=', tenant);
  const update = (db: Db) => tables(db).updateTable('workforce_staff').where('tenant', '=', tenant);
  return {
    async insert(db: Db, row: StaffRow & { readonly at: Date }): Promise<void> {
      const values = {
        tenant,
        subject_id: row.subjectId,
        employee_number: row.employeeNumber,
        display_name: row.displayName,
        desk: row.desk,
        user_handle: row.userHandle,
        state: row.state,
        role: row.role ?? null,
        created_at: row.at,
        activated_at: null,
        role_evidence_id: row.roleEvidenceId ?? null,
        left_at: null,
        role_withdrawn_at: null,
        recovered_until: null,
      };
      await tables(db).insertInto('workforce_staff').values(values).execute();
    },

    async findById(db: Db, subjectId: Id<'stf'>): Promise<StaffRow | undefined> {
      return read((await byId(db, { tenant, subjectId })).rows[0]);
    },

    async findByEmployeeNumber(db: Db, employeeNumber: string): Promise<StaffRow | undefined> {
      return read(await from(db).where('employee_number', '=', employeeNumber).executeTakeFirst());
    },

    /** Everybody, by desk and name: for rooms that look for somebody among all. */
    async everybody(db: Db): Promise<readonly StaffRow[]> {
      const found = await from(db).orderBy('desk').orderBy('display_name').execute();
      return found.map(readStaffRow);
    },

    async findMany(
      db: Db,
      subjectIds: readonly Id<'stf'>[],
      /** The rows that may be seen; `undefined`: every one. */
      where?: SqlCondition,
    ): Promise<ReadonlyMap<Id<'stf'>, StaffRow>> {
      if (subjectIds.length === 0) return new Map();
      let query = from(db).where(among('subject_id', 'text', subjectIds));
      if (where !== undefined) query = query.where(toCondition(where));
      const rows = await query.execute();
      return new Map(rows.map(readStaffRow).map((row) => [row.subjectId, row]));
    },

    /** Whether anybody, invited ones included, is of this desk. */
    async isDesk(db: Db, desk: string): Promise<boolean> {
      return (await from(db).where('desk', '=', desk).limit(1).executeTakeFirst()) !== undefined;
    },

    async isEmpty(db: Db): Promise<boolean> {
      return (await from(db).limit(1).executeTakeFirst()) === undefined;
    },

    /** HR corrects name and desk while nothing was registered; true when that was so. */
    async correctInvited(
      db: Db,
      subjectId: Id<'stf'>,
      person: { readonly displayName: string; readonly desk: string },
    ): Promise<boolean> {
      const result = await update(db)
        .set({ display_name: person.displayName, desk: person.desk })
        .where('subject_id', '=', subjectId)
        .where('state', '=', 'invited')
        .where('left_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    /** True exactly once in a subject's life. */
    async markRegistered(db: Db, subjectId: Id<'stf'>): Promise<boolean> {
      const result = await update(db)
        .set({ state: 'registered' })
        .where('subject_id', '=', subjectId)
        .where('state', '=', 'invited')
        .where('left_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    /** True exactly once in a subject's life: the account gets its role. */
    async activate(
      db: Db,
      subjectId: Id<'stf'>,
      given: { readonly role: Role; readonly at: Date; readonly evidenceId: Id<'evt'> },
    ): Promise<boolean> {
      const result = await update(db)
        .set({
          state: 'active',
          role: given.role,
          activated_at: given.at,
          role_evidence_id: given.evidenceId,
        })
        .where('subject_id', '=', subjectId)
        .where('state', '=', 'registered')
        .where('left_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

/** A subject as other rooms may know them. */
export function describeColleague(row: StaffRow): Colleague {
  const { recoveredUntil, subjectId, displayName, desk } = row;
  return {
    subjectId,
    displayName,
    desk,
    roles: rolesOf(row),
    active: row.state === 'active',
    ...(recoveredUntil && { recoveredUntil: recoveredUntil.toISOString() }),
  };
}

/** The roles that a subject acts in now: none before the account is active. */
export function rolesOf(row: StaffRow): Role[] {
  return row.state === 'active' && row.role !== undefined ? [row.role] : [];
}

/** Whether the account was recovered lately, and counts for less. */
export function isRecovered({ recoveredUntil }: StaffRow, nowMs: number): boolean {
  return recoveredUntil !== undefined && recoveredUntil.getTime() > nowMs;
}

function read(row: StaffTable | undefined): StaffRow | undefined {
  return row && readStaffRow(row);
}

/** As a row of the table says it. */
export function readStaffRow(row: StaffTable): StaffRow {
  return {
    // This column holds only what this module wrote: ids of this kind.
    subjectId: row.subject_id as Id<'stf'>,
    employeeNumber: row.employee_number,
    displayName: row.display_name,
    desk: row.desk,
    userHandle: row.user_handle,
    // As above: the id of an entry that this module recorded.
    roleEvidenceId: (row.role_evidence_id ?? undefined) as Id<'evt'> | undefined,
    state: row.left_at === null ? readState(row.state) : 'left',
    // A role that was taken away again is none, and the account stays.
    role: row.role === null || row.role_withdrawn_at !== null ? undefined : Role.parse(row.role),
    recoveredUntil: row.recovered_until ?? undefined,
  };
}

function readState(state: string): StaffRow['state'] {
  if (state === 'active' || state === 'registered') return state;
  // An unknown word, after a migration gone wrong, opens nothing.
  return 'invited';
}
