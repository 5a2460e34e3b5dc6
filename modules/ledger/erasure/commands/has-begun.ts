import type { Db } from '@proofline/storage';
import type { ErasureContext } from '../context.ts';
import { isWhole, type Plan } from '../domain/plan.ts';

/**
 * Whether nothing can hold up any more what takes all there is of somebody: their pseudonym is gone.
 * Told by what is gone, which the working login cannot take away, and not by what a row says.
 */
export async function hasBegun(
  { rows, storage }: ErasureContext,
  plan: Plan,
  db: Db = storage.db,
): Promise<boolean> {
  if (!isWhole(plan)) return false;
  return (await rows.pseudonyms.ofPseudonyms(db, [plan.pseudonym])).length === 0;
}
