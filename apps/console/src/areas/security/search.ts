import { roles } from '@proofline/protocol';
import { z } from 'zod';

/** The filters of the staff list. */
export const staffSearch = z.object({
  desk: z.string().trim().max(60).optional().catch(undefined),
  role: z.enum(roles).optional().catch(undefined),
});
