import type { Id } from '@proofline/kernel';
import { ProblemError, type CustomerSelf } from '@proofline/protocol';
import { nowOf, type Context } from '../context.ts';
import { stateAt } from '../domain/proof-request-state.ts';
import { viewContext } from '../domain/view-context.ts';

/** The signed-in customer's page: greeting, call code, and the request that waits for them. */
export async function readCustomerSelf(
  context: Context,
  customerId: Id<'cus'>,
): Promise<CustomerSelf> {
  const { db } = context.storage;
  const customer = await context.customers.findById(db, customerId);
  if (!customer) throw new ProblemError('session.ended', { internal: 'the customer is gone' });
  const code = await context.rows.codes.findLiveOf(db, customerId, nowOf(context));
  const request = await context.rows.requests.findOpenOfCustomer(db, customerId);
  const nowMs = context.clock.now();
  const isOpen = request && stateAt(request, nowMs) === 'open';
  return {
    greetingName: customer.greetingName,
    company: context.companyName,
    ...(code && { callCode: { code: code.code, expiresAt: code.expiresAt.toISOString() } }),
    ...(isOpen && { openRequest: viewContext(request, nowMs) }),
  };
}
