import { evidenceKindNames } from '@proofline/protocol';
import { z } from 'zod';

/**
 * The filters of the evidence search, as they stand in the address. Times are absolute, so that a
 * link shows the same tomorrow. `cursor` is the place in the
 * log from which the page goes back.
 */
export const auditSearch = z.object({
  id: z.string().trim().max(120).optional().catch(undefined),
  kind: z.enum(evidenceKindNames).optional().catch(undefined),
  from: z.iso.datetime().optional().catch(undefined),
  to: z.iso.datetime().optional().catch(undefined),
  cursor: z.number().int().min(0).optional().catch(undefined),
});
export type AuditSearch = z.infer<typeof auditSearch>;
