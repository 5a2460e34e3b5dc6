import { isId, type Id } from '@proofline/kernel';
import type {
  listOwnSessions as listOwnRoute,
  listSessions as listRoute,
  LiveSession,
} from '@proofline/protocol';
import type { SessionState } from '@proofline/sessions';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { StaffRow } from '../store/staff-rows.ts';

const timeOf = (ms: number): string => new Date(ms).toISOString();

function describeSession(session: SessionState): LiveSession {
  return {
    sessionId: session.sessionId,
    startedAt: timeOf(session.startedAtMs),
    lastSeenAt: timeOf(session.lastSeenAtMs),
    expiresAt: timeOf(session.expiresAtMs),
    assurance: session.assurance,
    boundTo: session.boundTo,
    locked: session.locked,
    ...(session.refusedAtMs !== undefined && { refusedAt: timeOf(session.refusedAtMs) }),
  };
}

/** The staff's live sessions with whose they are, last used first. */
export async function listSessions(
  context: Context,
): Promise<z.output<(typeof listRoute)['reply']>> {
  const { sessions, total } = await context.sessions.listLive();
  const { db } = context.storage;
  const subjectIds = new Set(sessions.map(({ subjectId }) => subjectId));
  const people = new Map<string, StaffRow | undefined>(
    await Promise.all(
      [...subjectIds].flatMap((subjectId) =>
        isId('stf', subjectId)
          ? [context.rows.staff.findById(db, subjectId).then((row) => [subjectId, row] as const)]
          : [],
      ),
    ),
  );
  const described = sessions.flatMap((session) => {
    const person = people.get(session.subjectId);
    if (!person) return [];
    const { desk, displayName, subjectId } = person;
    return [{ ...describeSession(session), subjectId, displayName, desk }];
  });
  return { sessions: described, total };
}

/** The caller's own live sessions. */
export async function listOwnSessions(
  context: Context,
  subjectId: Id<'stf'>,
): Promise<z.output<(typeof listOwnRoute)['reply']>> {
  const { sessions } = await context.sessions.listLive(subjectId);
  return { sessions: sessions.map(describeSession) };
}

/** Ends one of the caller's own sessions; for any other one nothing happens, and nothing is told (P9). */
export async function endOneOwnSession(
  context: Context,
  input: { readonly sessionId: Id<'ses'>; readonly subjectId: Id<'stf'> },
): Promise<void> {
  const { sessionId, subjectId } = input;
  const session = await context.sessions.findLive(sessionId);
  if (session?.subjectId !== subjectId) return;
  await context.sessions.endSession(sessionId, 'signed-out', subjectId);
}
