import type { z } from 'zod';
import type { Id } from '@proofline/kernel';
import {
  ProblemError,
  type AuthenticatorSummary,
  type listPeople as listPeopleRoute,
  type Person,
  type readPerson,
} from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { AuthenticatorRow } from '../store/authenticator-rows.ts';
import { listDesks, listStaff, type StaffQuery } from '../store/list-staff.ts';
import { rolesOf, type StaffRow } from '../store/staff-rows.ts';
import { labelOf } from './own-set.ts';
import { sightOf, type Reading } from './reader-of.ts';

/** The staff that the reader may see, by desk and name, 200 at a time. */
export async function listPeople(
  context: Context,
  reading: Reading,
  wanted: StaffQuery,
): Promise<z.output<(typeof listPeopleRoute)['reply']>> {
  // Another desk looks like one where nobody works (P9).
  const { confined, where } = await sightOf(context, 'person:list', reading);
  const { page, desks } = await confined(async (tx) => ({
    page: await listStaff(tx, context.tenant, { ...wanted, where }),
    desks: await listDesks(tx, context.tenant, where),
  }));
  const { first, nextCursor, rows, total } = page;
  const people = await Promise.all(
    rows.map(async (row) => {
      const sessions = await context.sessions.liveSessionsOf(row.subjectId);
      return describePerson(row, sessions.length);
    }),
  );
  return {
    people,
    total,
    desks,
    ...(nextCursor !== undefined && { nextCursor }),
    ...(first !== undefined && { first }),
  };
}

/**
 * One colleague with their authenticators and sessions, to look at.
 *
 * @throws ProblemError `access.denied` for an unknown one, as for a forbidden one (P9).
 */
export async function readColleague(
  context: Context,
  subjectId: Id<'stf'>,
): Promise<z.output<(typeof readPerson)['reply']>> {
  const { db } = context.storage;
  const [row, authenticators, sessions] = await Promise.all([
    context.rows.staff.findById(db, subjectId),
    context.rows.authenticators.listOf(db, subjectId),
    context.sessions.liveSessionsOf(subjectId),
  ]);
  if (!row) throw new ProblemError('access.denied', { internal: 'no such subject' });
  return {
    ...describePerson(row, sessions.length),
    authenticators: authenticators.map(summarise),
    liveSessions: sessions.map(({ assurance, expiresAtMs, sessionId, startedAtMs }) => ({
      sessionId,
      startedAt: new Date(startedAtMs).toISOString(),
      expiresAt: new Date(expiresAtMs).toISOString(),
      assurance,
    })),
  };
}

function describePerson(row: StaffRow, sessions: number): Person {
  const { desk, displayName, state, subjectId } = row;
  return { subjectId, displayName, desk, roles: rolesOf(row), state, sessions };
}

function summarise(row: AuthenticatorRow): z.output<typeof AuthenticatorSummary> {
  const kind = row.backupEligible ? 'synced' : 'device-bound';
  return {
    authenticatorId: row.authenticatorId,
    // Not what its owner calls it: that is theirs.
    label: labelOf({ ...row, label: undefined }),
    kind,
    // As registered: what it is worth today is decided at the next assertion.
    acr: row.acr,
    registeredAt: row.registeredAt.toISOString(),
    ...(row.lastUsedAt && { lastUsedAt: row.lastUsedAt.toISOString() }),
  };
}
