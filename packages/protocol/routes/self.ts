import { limits } from '@proofline/kernel';
import { z } from 'zod';
import { Capability } from '../decision.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { SignInMode } from '../sign-in-mode.ts';
import { AssuranceTimes, Role } from '../subjects.ts';
import { OwnStop } from '../switches.ts';
import { Total } from '../total.ts';

/** The signed-in colleague: who, what, how strongly proved, and what the screens may offer. */
export const Self = z.object({
  subjectId: idOf('stf'),
  displayName: z.string(),
  desk: z.string(),
  roles: z.array(Role),
  sessionId: idOf('ses'),
  assurance: AssuranceTimes,
  sessionExpiresAt: z.string(),
  /** Where they signed in, and after how long untouched the screen locks there. */
  mode: SignInMode,
  lockAfterSeconds: z.number().int(),
  capabilities: z.array(Capability),
  /** What security has stopped for now, as far as it concerns them. */
  stops: z.array(OwnStop),
  /** The roles that they may give to a new colleague; empty for whoever confirms nobody. */
  mayAssign: z.array(Role),
});
export type Self = z.infer<typeof Self>;

export const readSelf = defineRoute({
  id: 'self.read',
  method: 'get',
  path: '/api/self',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:read',
  resource: { type: 'Workforce' },
  summary: 'The signed-in colleague and what they may do.',
  reply: Self,
  status: 200,
  problems: [],
});

export const endOwnSession = defineRoute({
  id: 'self.sign-out',
  method: 'post',
  path: '/api/self/sign-out',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:read',
  resource: { type: 'Workforce' },
  summary:
    'End this session and every grant of it. `Location`, if there is one, is where the browser goes on to sign out at SAML tools.',
  reply: 'empty',
  status: 204,
  problems: [],
});

/** Nothing but its own subject's passkey opens it again: a step-up (`max_age=0`) at the issuer. */
export const lockOwnSession = defineRoute({
  id: 'self.lock',
  method: 'post',
  path: '/api/self/lock',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:read',
  resource: { type: 'Workforce' },
  summary: 'Lock this session: everything is refused until its subject proves themselves.',
  body: z.strictObject({ because: z.enum(['by-hand', 'idle']) }),
  reply: 'empty',
  status: 204,
  problems: [],
});

/**
 * Live changes that concern the caller, as server-sent events: `interaction.changed` {interactionId},
 * `proof-request.changed` {interactionId}, `approval.changed` {approvalId},
 * `onboarding.changed` {invitationId}, `own-authenticators.changed` {}, `sign-in-request.changed` {},
 * `recovery.changed` {}, `switch.changed` {switchId}, `stop.changed` {}, `own-stop.changed` {}, `policy.changed` {},
 * `policies-in-force.changed` {}, `session.changed` {},
 * `session.locked` {}, `session.unlocked` {}, `session.ended` {}, `heartbeat` {}. A locked session hears
 * of nothing but its end.
 */
export const ownEvents = defineRoute({
  id: 'self.events',
  method: 'get',
  path: '/api/self/events',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:read',
  resource: { type: 'Workforce' },
  summary: 'Live changes that concern the caller (text/event-stream).',
  reply: 'events',
  status: 200,
  problems: [],
});

/** A colleague's authenticator as anybody but its owner may see it. Read-only everywhere. */
export const AuthenticatorSummary = z.object({
  authenticatorId: idOf('ath'),
  label: z.string(),
  kind: z.enum(['device-bound', 'synced']),
  acr: z.enum(['phr', 'phrh']),
  registeredAt: z.string(),
  lastUsedAt: z.string().optional(),
});

/** A colleague in a list. */
export const Person = z.object({
  subjectId: idOf('stf'),
  displayName: z.string(),
  desk: z.string(),
  roles: z.array(Role),
  state: z.enum(['invited', 'registered', 'active', 'left']),
  sessions: z.number().int(),
});
export type Person = z.infer<typeof Person>;

export const listPeople = defineRoute({
  id: 'people.list',
  method: 'get',
  path: '/api/people',
  realm: 'workforce',
  caller: 'staff',
  action: 'person:list',
  resource: { type: 'Workforce' },
  summary: 'The staff, their roles and desks; leads and supervisors see their own desk.',
  query: z.object({
    desk: z.string().max(60).optional(),
    role: Role.optional(),
    /** Part of a name, in any case. */
    name: z.string().trim().min(1).max(limits.nameMaxChars).optional(),
    /** The last one of the page before. */
    cursor: idOf('stf').optional(),
  }),
  reply: z.object({
    people: z.array(Person),
    /** Where the next page goes on; absent on the last. */
    nextCursor: idOf('stf').optional(),
    /** Of all pages. */
    total: Total,
    /** Which of them the page begins with, from 1; absent beyond those that are counted. */
    first: z.number().int().optional(),
    /** Where anybody works whom the reader may see, whatever the filters. */
    desks: z.array(z.string()),
  }),
  status: 200,
  problems: [],
});

/** A live session, times as ISO 8601. */
export const SessionSummary = z.object({
  sessionId: idOf('ses'),
  startedAt: z.string(),
  expiresAt: z.string(),
  assurance: AssuranceTimes,
});

export const readPerson = defineRoute({
  id: 'people.read',
  method: 'get',
  path: '/api/people/{subjectId}',
  realm: 'workforce',
  caller: 'staff',
  action: 'person:read',
  resource: { type: 'Staff', param: 'subjectId' },
  params: z.object({ subjectId: idOf('stf') }),
  summary: 'One colleague, their authenticators and sessions. There is nothing to change here.',
  reply: Person.extend({
    authenticators: z.array(AuthenticatorSummary),
    liveSessions: z.array(SessionSummary),
  }),
  status: 200,
  problems: [],
});

export const endSession = defineRoute({
  id: 'sessions.end',
  method: 'post',
  path: '/api/sessions/{sessionId}/end',
  realm: 'workforce',
  caller: 'staff',
  action: 'session:end',
  resource: { type: 'Session', param: 'sessionId' },
  params: z.object({ sessionId: idOf('ses') }),
  summary: 'End a session and all its grants, everywhere, within two seconds.',
  reply: 'empty',
  status: 204,
  problems: [],
});
