import { evidenceKindNames } from '@proofline/protocol';
import { z } from 'zod';

/**
 * The filters of the evidence search, as they stand in the address. Times are absolute, so that a
 * link shows the same tomorrow. `cursor` is the place in the log from which the page goes back.
 *
 * Without `routine`, what is permitted all the time is left out: every list that anybody opens and
 * every question of the gateway is decided and logged, and would bury what happened on calls.
 */
export const auditSearch = z.object({
  id: z.string().trim().max(120).optional().catch(undefined),
  kind: z.enum(evidenceKindNames).optional().catch(undefined),
  routine: z.literal('shown').optional().catch(undefined),
  from: z.iso.datetime().optional().catch(undefined),
  to: z.iso.datetime().optional().catch(undefined),
  cursor: z.number().int().min(0).optional().catch(undefined),
});
export type AuditSearch = z.infer<typeof auditSearch>;

/** The question to the server for the filters in an address. */
export function evidenceQuery({ routine, ...search }: AuditSearch) {
  // Whoever names one entry or decision wants that one; whoever names somebody, all that they did. The
  // server does the same for an account number.
  const isOne = /^(?:evt|dec|stf|cus|svc|psn)_/.test(search.id ?? '');
  return { ...search, ...(routine !== 'shown' && !isOne && { routine: 'hidden' as const }) };
}
