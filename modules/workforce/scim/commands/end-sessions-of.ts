import type { Id } from '@proofline/kernel';
import type { ScimContext } from '../scim-context.ts';

/**
 * Ends every session of somebody who has left, with its grants and its OIDC session; open screens are
 * told. Should the process end before it comes to that: whoever is not active is refused at their
 * next request anyway, and their session ends there.
 */
export async function endSessionsOf(
  { sessions }: Pick<ScimContext, 'sessions'>,
  { subjectId, endedBy }: { readonly subjectId: Id<'stf'>; readonly endedBy: string },
): Promise<void> {
  for (const { sessionId } of await sessions.liveSessionsOf(subjectId)) {
    await sessions.endSession(sessionId, 'left', endedBy);
  }
}
