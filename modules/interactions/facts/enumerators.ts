import { enumeratorOf, type Enumerator } from '@proofline/decisions';
import { isId } from '@proofline/kernel';
import type { Context } from '../context.ts';
import { listOpenCalls, listProvedCustomers } from '../store/list-for-search.ts';

/**
 * What this module lists for searches at the PDP: calls that have not ended, and the accounts of those
 * who have proved themselves on one. No other account is opened by anything, so none is listed.
 */
export function enumerators(context: Context): Enumerator[] {
  const { db } = context.storage;
  return [
    {
      type: 'Interaction',
      list: async (page) => (await listOpenCalls(db, context.tenant, page)).map((id) => ({ id })),
    },
    {
      type: 'Account',
      async list(page) {
        const customers = await listProvedCustomers(db, context.tenant);
        const accounts: string[] = [];
        for (const customerId of customers) {
          const customer = isId('cus', customerId)
            ? await context.customers.findById(db, customerId)
            : undefined;
          if (customer) accounts.push(customer.accountNumber);
        }
        return enumeratorOf('Account', accounts).list(page);
      },
    },
  ];
}
