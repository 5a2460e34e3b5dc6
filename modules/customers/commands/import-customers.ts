import { bytesToBase64url, limits, newId } from '@proofline/kernel';
import { AccountNumber } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { CustomerImport } from '../types.ts';

const BATCH_MAX = 500;

const Name = z.string().trim().min(1).max(limits.nameMaxChars);
const Import = z
  .object({
    accountNumber: AccountNumber,
    name: Name,
    greetingName: Name.optional(),
    contact: z
      .object({ kind: z.enum(['sms', 'email']), address: z.string().min(3).max(200) })
      .strict()
      .optional(),
  })
  .strict();

/**
 * Brings the directory up to date from the guarded system's list, for seeding and sync: names and
 * contacts only. It cannot touch an authenticator, and cannot make an enrolled customer new again.
 */
export async function importCustomers(
  context: Context,
  list: readonly CustomerImport[],
): Promise<{ readonly imported: number }> {
  const customers = list.map((entry) => Import.parse(entry));
  for (let start = 0; start < customers.length; start += BATCH_MAX) {
    const batch = customers.slice(start, start + BATCH_MAX);
    await context.storage.transaction(async (tx) => {
      for (const customer of batch) await upsert(context, tx, customer);
    });
  }
  return { imported: customers.length };
}

async function upsert(context: Context, tx: Db, customer: z.output<typeof Import>): Promise<void> {
  await keepFormerContact(context, tx, customer);
  await context.rows.customers.upsert(tx, {
    customer_id: newId('cus', context),
    account_number: customer.accountNumber,
    name: customer.name,
    greeting_name: customer.greetingName ?? customer.name,
    contact_kind: customer.contact?.kind ?? null,
    contact_address: customer.contact?.address ?? null,
    // Opaque and random, as WebAuthn L3 §14.6.1 asks: it is stored on the customer's device.
    user_handle: bytesToBase64url(context.random.bytes(32)),
    imported_at: new Date(context.clock.now()),
  });
}

/** Whoever has a contact changed to get in cannot keep its owner from being told (P1). */
async function keepFormerContact(
  context: Context,
  tx: Db,
  { accountNumber, contact }: z.output<typeof Import>,
): Promise<void> {
  const before = await context.rows.customers.findByAccountNumber(tx, accountNumber);
  const { contact: former, customerId } = before ?? {};
  if (!former || !customerId) return;
  if (former.kind === contact?.kind && former.address === contact.address) return;
  const until = new Date(context.clock.now());
  await context.rows.formerContacts.add(tx, { customerId, contact: former, until });
}
