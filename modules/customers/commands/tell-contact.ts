import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import type { Customer, Messages } from '../types.ts';

/** A carrier that was down for a day has nothing new to tell. */
const TELL_FOR_MS = 24 * 60 * 60 * 1000;

const sentences = {
  added: 'a passkey was added to your account',
  removed: 'a passkey was removed from your account',
} as const;

/** Tells the contact on file of a change, in the transaction that makes it. */
export async function tellContact(
  context: Context,
  messages: Messages,
  told: {
    readonly tx: Db;
    readonly customer: Customer;
    readonly what: keyof typeof sentences;
  },
): Promise<void> {
  const { contact, customerId } = told.customer;
  if (!contact) return;
  await messages.enqueue(told.tx, {
    recipientId: customerId,
    to: contact,
    text: `${context.companyName}: ${sentences[told.what]}. If it was not you, open your page, look, and call us.`,
    link: `${context.customersOrigin}/passkeys`,
    notAfterMs: context.clock.now() + TELL_FOR_MS,
  });
}
