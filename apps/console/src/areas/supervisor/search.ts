import { approvalStates } from '@proofline/protocol';
import { z } from 'zod';

/** The filters of the approvals inbox; without any, what is open. `all` shows the rest too. */
export const approvalsSearch = z.object({
  state: z
    .enum([...approvalStates, 'all'])
    .optional()
    .catch(undefined),
});

/** The filters of the desk's calls; without any, those that are not over. */
export const deskCallsSearch = z.object({
  state: z.enum(['ringing', 'live', 'ended']).optional().catch(undefined),
});
