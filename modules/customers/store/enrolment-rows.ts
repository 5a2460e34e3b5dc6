import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables, type EnrolmentsTable } from './tables.ts';

/** A customer's invitation to enrol, as read from its row. */
export interface EnrolmentRow {
  readonly enrolmentId: Id<'enr'>;
  readonly customerId: Id<'cus'>;
  readonly deviceDigest: string | undefined;
  readonly expiresAt: Date;
  readonly usedAt: Date | undefined;
  readonly voidedAt: Date | undefined;
  readonly evidenceId: Id<'evt'>;
}

/** SQL of the table `customer_enrolments`. */
export function enrolmentRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('customer_enrolments').selectAll().where('tenant', '=', tenant);
  const update = (db: Db) =>
    tables(db).updateTable('customer_enrolments').where('tenant', '=', tenant);
  return {
    async insert(db: Db, row: Omit<EnrolmentsTable, 'tenant'>): Promise<void> {
      await tables(db)
        .insertInto('customer_enrolments')
        .values({ ...row, tenant })
        .execute();
    },

    async findBySecret(db: Db, secretDigest: string): Promise<EnrolmentRow | undefined> {
      return read(await from(db).where('secret_digest', '=', secretDigest).executeTakeFirst());
    },

    async findByDevice(db: Db, deviceDigest: string): Promise<EnrolmentRow | undefined> {
      return read(await from(db).where('device_digest', '=', deviceDigest).executeTakeFirst());
    },

    /** How many invitations this customer was sent since then. */
    async countSince(db: Db, customerId: Id<'cus'>, since: Date): Promise<number> {
      const rows = await from(db)
        .where('customer_id', '=', customerId)
        .where('invited_at', '>', since)
        .execute();
      return rows.length;
    },

    /** A newer invitation makes the older ones worthless. */
    async voidOpen(db: Db, customerId: Id<'cus'>, at: Date): Promise<void> {
      await update(db)
        .set({ voided_at: at })
        .where('customer_id', '=', customerId)
        .where('used_at', 'is', null)
        .where('voided_at', 'is', null)
        .execute();
    },

    /** True for the first device only. */
    async bindDevice(db: Db, id: Id<'enr'>, device: { digest: string; at: Date }) {
      const result = await update(db)
        .set({ device_digest: device.digest, opened_at: device.at })
        .where('enrolment_id', '=', id)
        .where('device_digest', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    /** Single use: true exactly once. */
    async use(db: Db, id: Id<'enr'>, at: Date): Promise<boolean> {
      const result = await update(db)
        .set({ used_at: at })
        .where('enrolment_id', '=', id)
        .where('used_at', 'is', null)
        .where('voided_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

function read(row: EnrolmentsTable | undefined): EnrolmentRow | undefined {
  if (!row) return undefined;
  return {
    // These columns hold only what this module wrote: ids of these kinds.
    enrolmentId: row.enrolment_id as Id<'enr'>,
    customerId: row.customer_id as Id<'cus'>,
    evidenceId: row.evidence_id as Id<'evt'>,
    deviceDigest: row.device_digest ?? undefined,
    expiresAt: row.expires_at,
    usedAt: row.used_at ?? undefined,
    voidedAt: row.voided_at ?? undefined,
  };
}
