import { z } from 'zod';

/** The filters of the invitations list. */
export const invitationsSearch = z.object({
  state: z
    .enum(['sent', 'opened', 'registered', 'confirmed', 'expired'])
    .optional()
    .catch(undefined),
});
