import { caseTypes } from '@proofline/protocol';
import { z } from 'zod';

const callStates = ['ringing', 'live', 'ended'] as const;

/** The filters of the calls list, as they stand in the address. What is not understood is ignored. */
export const callsSearch = z.object({ state: z.enum(callStates).optional().catch(undefined) });

/** The filters of the cases list. */
export const casesSearch = z.object({
  state: z.enum(['open', 'closed']).optional().catch(undefined),
  caseType: z.enum(caseTypes).optional().catch(undefined),
});
