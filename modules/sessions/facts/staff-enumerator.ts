import type { Enumerator } from '@proofline/decisions';
import type { SessionsContext } from '../context.ts';
import { listStaffInSession } from '../store/list-staff-in-session.ts';

/**
 * Colleagues for searches at the PDP, each in their session: without one nobody is permitted anything.
 * Whether it still lives is a fact of each decision.
 */
export function staffEnumerator({ storage, tenant }: SessionsContext): Enumerator {
  return {
    type: 'Staff',
    async list(page) {
      const listed = await listStaffInSession(storage.db, tenant, page);
      return listed.map(({ subjectId, sessionId }) => ({ id: subjectId, sessionId }));
    },
  };
}
