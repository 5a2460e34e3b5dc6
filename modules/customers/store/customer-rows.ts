import { isId, type Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Contact, Customer } from '../types.ts';
import { tables, type CustomersTable } from './tables.ts';

/** A row as the module itself sees it. */
export interface CustomerRow extends Customer {
  readonly userHandle: string;
  readonly enrolledAt: Date | undefined;
}

/** SQL of the table `customers`. */
export function customerRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('customers').selectAll().where('tenant', '=', tenant);
  return {
    async findById(db: Db, customerId: Id<'cus'>): Promise<CustomerRow | undefined> {
      return read(await from(db).where('customer_id', '=', customerId).executeTakeFirst());
    },

    async findByAccountNumber(db: Db, accountNumber: string): Promise<CustomerRow | undefined> {
      return read(await from(db).where('account_number', '=', accountNumber).executeTakeFirst());
    },

    /** Whoever is called so, not many of them. */
    async findNamed(db: Db, name: string, count: number): Promise<readonly Id<'cus'>[]> {
      const rows = await from(db)
        .where(({ eb, fn, val }) => eb(fn('lower', ['name']), '=', fn('lower', [val(name)])))
        .orderBy('customer_id')
        .limit(count)
        .execute();
      // The column holds only what this module wrote.
      return rows.map((row) => row.customer_id as Id<'cus'>);
    },

    /** Insert, or bring name and contact up to date: handle and enrolment are left alone. */
    async upsert(
      db: Db,
      row: Omit<CustomersTable, 'tenant' | 'enrolled_at' | 'recovered_until'>,
    ): Promise<void> {
      await tables(db)
        .insertInto('customers')
        .values({ ...row, tenant, enrolled_at: null, recovered_until: null })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'account_number']).doUpdateSet({
            name: row.name,
            greeting_name: row.greeting_name,
            contact_kind: row.contact_kind,
            contact_address: row.contact_address,
            imported_at: row.imported_at,
          }),
        )
        .execute();
    },

    /** Until then the account counts for less. */
    async capUntil(db: Db, customerId: Id<'cus'>, until: Date): Promise<void> {
      await tables(db)
        .updateTable('customers')
        .set({ recovered_until: until })
        .where('tenant', '=', tenant)
        .where('customer_id', '=', customerId)
        .execute();
    },

    /** True exactly once in a customer's life. */
    async markEnrolled(db: Db, customerId: Id<'cus'>, at: Date): Promise<boolean> {
      const result = await tables(db)
        .updateTable('customers')
        .set({ enrolled_at: at })
        .where('tenant', '=', tenant)
        .where('customer_id', '=', customerId)
        .where('enrolled_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

function read(row: CustomersTable | undefined): CustomerRow | undefined {
  if (!row || !isId('cus', row.customer_id)) return undefined;
  return {
    customerId: row.customer_id,
    accountNumber: row.account_number,
    name: row.name,
    greetingName: row.greeting_name,
    contact: readContact(row.contact_kind, row.contact_address),
    userHandle: row.user_handle,
    enrolledAt: row.enrolled_at ?? undefined,
    recoveredUntil: row.recovered_until ?? undefined,
  };
}

/** A contact from its two columns; `undefined` when none is on file. */
export function readContact(kind: string | null, address: string | null): Contact | undefined {
  if ((kind !== 'sms' && kind !== 'email') || address === null) return undefined;
  return { kind, address };
}
