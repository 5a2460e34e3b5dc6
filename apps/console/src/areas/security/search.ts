import { roles, switchKinds, SwitchStateFilter } from '@proofline/protocol';
import { z } from 'zod';

/** The filters of the staff list. */
export const staffSearch = z.object({
  desk: z.string().trim().max(60).optional().catch(undefined),
  role: z.enum(roles).optional().catch(undefined),
});

/** Which switches are listed, and what the form is about to stop. */
export const switchesSearch = z.object({
  state: SwitchStateFilter.optional().catch(undefined),
  kind: z.enum(switchKinds).optional().catch(undefined),
  name: z.string().trim().max(60).optional().catch(undefined),
});
