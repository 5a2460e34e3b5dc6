import { lowerAcr, type OwnSet } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import type { CustomerRow } from '../store/customer-rows.ts';
import type { CustomerCredential } from '../types.ts';

/** The customer in their own session: the only person whom a change can be about. */
export interface OwnCaller {
  readonly customerId: Id<'cus'>;
  readonly sessionId: Id<'ses'>;
}

/** A customer with all that is theirs, as the transaction sees it. */
export interface Own {
  readonly customer: CustomerRow;
  readonly rows: readonly CustomerCredential[];
  readonly set: OwnSet;
}

/** @throws ProblemError `session.ended` when there is no such customer any more. */
export async function readOwn(context: Context, db: Db, customerId: Id<'cus'>): Promise<Own> {
  const customer = await context.rows.customers.findById(db, customerId);
  if (!customer) throw new ProblemError('session.ended');
  const rows = await context.rows.authenticators.listOf(db, customerId);
  const authenticators = rows.map(({ acr, atMost, authenticatorId }) => ({
    authenticatorId,
    acr: lowerAcr(acr, atMost),
  }));
  return { customer, rows, set: { authenticators, least: 1 } };
}

/** What the customer calls it, or what it is. */
export function labelOf(row: Pick<CustomerCredential, 'label' | 'backupEligible'>): string {
  return row.label ?? `Passkey (${row.backupEligible ? 'synced' : 'on one device'})`;
}
