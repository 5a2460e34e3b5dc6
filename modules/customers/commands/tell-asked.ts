import type { Id } from '@proofline/kernel';
import type { Context } from '../context.ts';
import type { Messages } from '../types.ts';
import { countingCredentials } from './counting-credentials.ts';

/** An application asks a customer to sign in who may be anywhere. */
export interface AskedCustomer {
  readonly customerId: Id<'cus'>;
  readonly applicationName: string;
  readonly expiresAtMs: number;
}

/**
 * Tells the contact on file that there is something to look at. Only the registered name stands in it: what the
 * application says of itself, and where it is, is read on the customer’s own page and nowhere else.
 */
export async function tellAsked(
  context: Context,
  messages: Messages,
  { applicationName, customerId, expiresAtMs }: AskedCustomer,
): Promise<void> {
  await context.storage.transaction(async (tx) => {
    const customer = await context.rows.customers.findById(tx, customerId);
    const own = await countingCredentials(context, tx, customerId);
    // Who has no passkey can answer nothing.
    if (!customer?.contact || own.length === 0) return;
    await messages.enqueue(tx, {
      recipientId: customerId,
      to: customer.contact,
      text:
        `${context.companyName}: ${applicationName} asks you to sign in. Open your page and look, and go on only ` +
        'if you are there yourself.',
      link: `${context.customersOrigin}/requests`,
      notAfterMs: expiresAtMs,
    });
  });
  messages.kick();
}
