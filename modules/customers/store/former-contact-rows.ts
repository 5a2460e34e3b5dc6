import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Contact } from '../types.ts';
import { readContact } from './customer-rows.ts';
import { tables } from './tables.ts';

/** SQL of the table `customer_former_contacts`. */
export function formerContactRows(tenant: string) {
  return {
    async add(
      db: Db,
      former: { readonly customerId: Id<'cus'>; readonly contact: Contact; readonly until: Date },
    ): Promise<void> {
      const { contact, customerId, until } = former;
      await tables(db)
        .insertInto('customer_former_contacts')
        .values({
          tenant,
          customer_id: customerId,
          until,
          contact_kind: contact.kind,
          contact_address: contact.address,
        })
        .onConflict((conflict) => conflict.columns(['tenant', 'customer_id', 'until']).doNothing())
        .execute();
    },

    /** Where the customer was reached until lately. */
    async listOf(db: Db, customerId: Id<'cus'>, since: Date): Promise<Contact[]> {
      const rows = await tables(db)
        .selectFrom('customer_former_contacts')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('customer_id', '=', customerId)
        .where('until', '>', since)
        .orderBy('until')
        .limit(20)
        .execute();
      return rows.flatMap((row) => readContact(row.contact_kind, row.contact_address) ?? []);
    },

    /** An address that is nobody’s channel any more is kept no longer. */
    async forgetBefore(db: Db, before: Date): Promise<void> {
      await tables(db)
        .deleteFrom('customer_former_contacts')
        .where('tenant', '=', tenant)
        .where('until', '<', before)
        .execute();
    },
  };
}
