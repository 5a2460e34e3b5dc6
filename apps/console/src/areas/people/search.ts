import { z } from 'zod';

/** The filters of the invitations list. */
export const invitationsSearch = z.object({
  state: z
    .enum(['sent', 'opened', 'registered', 'confirmed', 'replaced', 'expired'])
    .optional()
    .catch(undefined),
});
