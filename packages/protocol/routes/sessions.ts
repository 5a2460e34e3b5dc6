import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { AssuranceTimes } from '../subjects.ts';
import { Total } from '../total.ts';

/**
 * What a session’s cookie is worth nothing without: a device’s key (Device Bound Session Credentials),
 * the console’s own key in that browser, or nothing, where the console was not opened in it.
 */
export const SessionBinding = z.enum(['device-key', 'console-key', 'cookie']);
/** One of {@link SessionBinding}. */
export type SessionBinding = z.infer<typeof SessionBinding>;

/** A live session, times as ISO 8601. */
export const LiveSession = z.object({
  sessionId: idOf('ses'),
  startedAt: z.string(),
  /** To the minute or so. */
  lastSeenAt: z.string(),
  expiresAt: z.string(),
  /** When its person proved themselves last, for each level. */
  assurance: AssuranceTimes,
  boundTo: SessionBinding,
  /** Nothing is done in it until its own passkey is touched. */
  locked: z.boolean(),
  /** When somebody used its cookie last and could not show the key. */
  refusedAt: z.string().optional(),
});
/** The same, once it was read. */
export type LiveSession = z.infer<typeof LiveSession>;

/** A {@link LiveSession} with whose it is. */
export const ColleaguesSession = LiveSession.extend({
  subjectId: idOf('stf'),
  displayName: z.string(),
  desk: z.string(),
});
/** The same, once it was read. */
export type ColleaguesSession = z.infer<typeof ColleaguesSession>;

export const listSessions = defineRoute({
  id: 'sessions.list',
  method: 'get',
  path: '/api/sessions',
  realm: 'workforce',
  caller: 'staff',
  action: 'session:list',
  resource: { type: 'Workforce' },
  summary: 'The staff’s live sessions, what each is bound to, and its clocks; last used first.',
  reply: z.object({ sessions: z.array(ColleaguesSession), total: Total }),
  status: 200,
  problems: [],
});

export const listOwnSessions = defineRoute({
  id: 'self.sessions',
  method: 'get',
  path: '/api/self/sessions',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:read',
  resource: { type: 'Workforce' },
  summary: 'The caller’s own live sessions, what each is bound to, and its clocks.',
  reply: z.object({ sessions: z.array(LiveSession) }),
  status: 200,
  problems: [],
});

export const endOneOwnSession = defineRoute({
  id: 'self.sessions.end',
  method: 'post',
  path: '/api/self/sessions/{sessionId}/end',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:read',
  resource: { type: 'Workforce' },
  params: z.object({ sessionId: idOf('ses') }),
  summary:
    'End one of the caller’s own sessions, in whichever browser it is. Somebody else’s, or one that ' +
    'is over, gets the same empty answer.',
  reply: 'empty',
  status: 204,
  problems: [],
});
