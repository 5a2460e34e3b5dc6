import { isId, type Id } from '@proofline/kernel';
import { signInModes, type AssuranceTimes } from '@proofline/protocol';
import { among, compileOnce, type Db, type InsertTarget } from '@proofline/storage';
import { isLocked, limitsOf, whyOver, type SessionTimes } from '../domain/session-limits.ts';
import type { SessionFacts } from '../types.ts';
import { tablesOf, type SessionRow } from './tables.ts';

/** Sessions as they are written. */
export const sessionsTable: InsertTarget<SessionRow> = {
  table: 'sessions',
  columns: {
    tenant: 'text',
    session_id: 'text',
    realm: 'text',
    subject_id: 'text',
    oidc_uid: 'text',
    interaction_uid: 'text',
    cookie_hash: 'text',
    phr_at: 'timestamptz',
    phrh_at: 'timestamptz',
    amr: 'text',
    started_at: 'timestamptz',
    last_seen_at: 'timestamptz',
    left_alone_seconds: 'integer',
    expires_at: 'timestamptz',
    mode: 'text',
    locked_at: 'timestamptz',
    ended_at: 'timestamptz',
    ended_because: 'text',
    evidence_id: 'text',
  },
};

/** Seconds of each level, from a row. */
export function levelsOf(row: Pick<SessionRow, 'phr_at' | 'phrh_at'>): AssuranceTimes {
  const seconds = (time: Date): number => Math.floor(time.getTime() / 1000);
  return {
    ...(row.phr_at ? { phr: seconds(row.phr_at) } : {}),
    ...(row.phrh_at ? { phrh: seconds(row.phrh_at) } : {}),
  };
}

/** Level times as columns. */
export function levelColumns(levels: AssuranceTimes): Pick<SessionRow, 'phr_at' | 'phrh_at'> {
  const column = (seconds: number | undefined): Date | null =>
    seconds === undefined ? null : new Date(seconds * 1000);
  return { phr_at: column(levels.phr), phrh_at: column(levels.phrh) };
}

const timesOf = (row: SessionRow): SessionTimes => ({
  realm: row.realm,
  mode: row.mode,
  lastSeenAtMs: row.last_seen_at.getTime(),
  expiresAtMs: row.expires_at.getTime(),
  ended: row.ended_at !== null,
  locked: row.locked_at !== null,
});

/** Why the row's session is over, or `undefined` while it lives. */
export function whyRowOver(row: SessionRow, nowMs: number): string | undefined {
  return whyOver(timesOf(row), nowMs);
}

/** Whether nothing but a touch of its own passkey is taken in the row's session. */
export function isRowLocked(row: SessionRow, nowMs: number): boolean {
  return isLocked(timesOf(row), nowMs);
}

/**
 * The longest for which nobody did anything in the row's session, since its last proof. Uses are noted
 * coarsely ({@link touchEveryMs}), so it may say a little more than there was, and never less.
 */
export function leftAloneSeconds(row: SessionRow, nowMs: number): number {
  const sinceMs = Math.max(0, nowMs - row.last_seen_at.getTime());
  return Math.max(row.left_alone_seconds, Math.floor(sinceMs / 1000));
}

/** A row as other modules see it. */
export function factsOf(row: SessionRow, nowMs: number): SessionFacts {
  return {
    sessionId: row.session_id,
    realm: row.realm,
    subjectId: row.subject_id,
    assurance: levelsOf(row),
    startedAtMs: row.started_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    mode: row.mode,
    lockAfterSeconds: limitsOf(row.realm, row.mode).lockSeconds,
    locked: isRowLocked(row, nowMs),
    evidenceId: row.evidence_id,
  };
}

/** What names one session: our id, oidc-provider's, or a customer's cookie. */
export type SessionKey =
  | { readonly session_id: Id<'ses'> }
  | { readonly oidc_uid: string }
  | { readonly cookie_hash: string };

const openRow = (name: 'session_id' | 'oidc_uid' | 'cookie_hash') =>
  compileOnce((db: Db, { tenant, value }: { readonly tenant: string; readonly value: string }) =>
    tablesOf(db)
      .selectFrom('sessions')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('ended_at', 'is', null)
      // An id is a text to the database.
      .where(name, '=', value as Id<'ses'>),
  );

const openRowBy = {
  session_id: openRow('session_id'),
  oidc_uid: openRow('oidc_uid'),
  cookie_hash: openRow('cookie_hash'),
};

/** The one session that a key names and that was not ended; its times are the caller's to check. */
export async function findOpenRow(
  db: Db,
  tenant: string,
  by: SessionKey,
): Promise<SessionRow | undefined> {
  const [name, value] =
    'session_id' in by
      ? (['session_id', by.session_id] as const)
      : 'oidc_uid' in by
        ? (['oidc_uid', by.oidc_uid] as const)
        : (['cookie_hash', by.cookie_hash] as const);
  return (await openRowBy[name](db, { tenant, value })).rows[0];
}

/**
 * By what the library names a session. Of a customer who answered elsewhere it is ours: the library’s own names of
 * sessions have no such prefix.
 */
export const keyOfUid = (uid: string): SessionKey =>
  isId('ses', uid) ? { session_id: uid } : { oidc_uid: uid };

/** {@link findOpenRow} of many sessions at once. */
export async function findOpenRows(
  db: Db,
  tenant: string,
  sessionIds: readonly Id<'ses'>[],
): Promise<ReadonlyMap<Id<'ses'>, SessionRow>> {
  const rows = await tablesOf(db)
    .selectFrom('sessions')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('ended_at', 'is', null)
    .where(among('session_id', 'text', sessionIds))
    .execute();
  return new Map(rows.map((row) => [row.session_id, row]));
}

/** How many live sessions each colleague has. */
export async function countOpenRows(
  db: Db,
  tenant: string,
  at: Date,
): Promise<ReadonlyMap<string, number>> {
  const rows = await tablesOf(db)
    .selectFrom('sessions')
    .select('subject_id')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('tenant', '=', tenant)
    .where('realm', '=', 'workforce')
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .where((where) =>
      where.or(
        signInModes.map((mode) => {
          const idleMs = limitsOf('workforce', mode).idleSeconds * 1000;
          const seenAfter = new Date(at.getTime() - idleMs);
          return where('mode', '=', mode).and('last_seen_at', '>', seenAfter);
        }),
      ),
    )
    .groupBy('subject_id')
    .execute();
  return new Map(rows.map((row) => [row.subject_id, Number(row.count)]));
}

/** Rows of any of these subjects that were not ended. */
export async function findOpenRowsOfMany(
  db: Db,
  tenant: string,
  subjectIds: readonly string[],
): Promise<SessionRow[]> {
  if (subjectIds.length === 0) return [];
  return tablesOf(db)
    .selectFrom('sessions')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('ended_at', 'is', null)
    .where(among('subject_id', 'text', subjectIds))
    .execute();
}

/** Rows of a subject that were not ended, newest first. */
export async function findOpenRowsOf(
  db: Db,
  tenant: string,
  subjectId: string,
): Promise<SessionRow[]> {
  return tablesOf(db)
    .selectFrom('sessions')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('subject_id', '=', subjectId)
    .where('ended_at', 'is', null)
    .orderBy('started_at', 'desc')
    .limit(50)
    .execute();
}
