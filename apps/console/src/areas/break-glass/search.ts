import { BreakGlassState, idOf } from '@proofline/protocol';
import { z } from 'zod';

/** Which emergency accesses are listed, and which one is open on the page. */
export const breakGlassSearch = z.object({
  state: BreakGlassState.optional().catch(undefined),
  one: idOf('bgl').optional().catch(undefined),
});
