import type { Id } from '@proofline/kernel';
import type { Acr } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import type { CustomerCredential } from '../types.ts';

/** A customer's passkeys with what they count as today. */
export async function countingCredentials(
  context: Context,
  db: Db,
  customerId: Id<'cus'>,
): Promise<readonly CustomerCredential[]> {
  const [own, cap] = await Promise.all([
    context.rows.authenticators.listOf(db, customerId),
    capOf(context, db, customerId),
  ]);
  return own.map((one) => ({ ...one, atMost: cap ?? one.atMost }));
}

/** An account that was recovered lately proves no more than this, whatever its passkey is. */
export async function capOf(
  context: Context,
  db: Db,
  customerId: Id<'cus'>,
): Promise<Acr | undefined> {
  const customer = await context.rows.customers.findById(db, customerId);
  const isCapped = (customer?.recoveredUntil?.getTime() ?? 0) > context.clock.now();
  return isCapped ? 'phr' : undefined;
}
