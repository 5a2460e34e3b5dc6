import type { Id } from '@proofline/kernel';
import type { Context } from '../context.ts';

/**
 * Ends a colleague's session, with its grants and tokens. One that is unknown, over or of another
 * realm gets the same empty answer (P9). Ending is all that anybody can do to a session.
 */
export async function endColleaguesSession(
  context: Context,
  input: { readonly sessionId: Id<'ses'>; readonly endedBy: Id<'stf'> },
): Promise<void> {
  const { endedBy, sessionId } = input;
  const session = await context.sessions.findLive(sessionId);
  if (session?.realm !== 'workforce') return;
  await context.sessions.endSession(sessionId, 'ended-by-colleague', endedBy);
}
