import {
  endOneOwnSession,
  endOwnSession,
  endSession,
  handle,
  listOwnSessions,
  listPeople,
  listSessions,
  lockOwnSession,
  readPerson,
  readSelf,
  type MountedRoute,
} from '@proofline/protocol';
import { endColleaguesSession } from '../commands/end-session.ts';
import {
  endOneOwnSession as endOneOwn,
  listOwnSessions as listOwn,
  listSessions as listLive,
} from '../commands/list-sessions.ts';
import { listPeople as list, readColleague } from '../commands/read-people.ts';
import { readSelf as read } from '../commands/read-self.ts';
import type { Context } from '../context.ts';

/** The handlers of `routes/self.ts`, but for the event stream, which is the composition's. */
export function selfRoutes(context: Context): MountedRoute[] {
  return [
    handle(readSelf, ({ caller }) => read(context, caller)),
    handle(endOwnSession, async ({ caller, http }) => {
      await context.sessions.endSession(caller.sessionId, 'signed-out', caller.subjectId);
      // The browser goes on there, if it wants to: nothing of ours depends on it.
      const elsewhere = await context.sessions.signOutElsewhere(caller.sessionId);
      if (elsewhere !== undefined) http.setHeader('location', elsewhere);
      return undefined;
    }),
    handle(lockOwnSession, async ({ body, caller }) => {
      await context.sessions.lockSession(caller.sessionId, body.because);
      return undefined;
    }),
    handle(listPeople, ({ caller, query }) => list(context, caller, query)),
    handle(readPerson, ({ params }) => readColleague(context, params.subjectId)),
    handle(listSessions, () => listLive(context)),
    handle(listOwnSessions, ({ caller }) => listOwn(context, caller.subjectId)),
    handle(endOneOwnSession, async ({ caller, params }) => {
      const { sessionId } = params;
      await endOneOwn(context, { sessionId, subjectId: caller.subjectId });
      return undefined;
    }),
    handle(endSession, async ({ caller, params }) => {
      const { sessionId } = params;
      await endColleaguesSession(context, { sessionId, endedBy: caller.subjectId });
      return undefined;
    }),
  ];
}
