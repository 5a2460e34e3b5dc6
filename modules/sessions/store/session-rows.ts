import type { Id } from '@proofline/kernel';
import type { AssuranceTimes } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { whyOver } from '../domain/session-limits.ts';
import type { SessionFacts } from '../types.ts';
import { tablesOf, type SessionRow } from './tables.ts';

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

/** Why the row's session is over, or `undefined` while it lives. */
export function whyRowOver(row: SessionRow, nowMs: number): string | undefined {
  return whyOver(
    {
      realm: row.realm,
      lastSeenAtMs: row.last_seen_at.getTime(),
      expiresAtMs: row.expires_at.getTime(),
      ended: row.ended_at !== null,
    },
    nowMs,
  );
}

/** A row as other modules see it. The ids were minted by this module, hence the casts. */
export function factsOf(row: SessionRow): SessionFacts {
  return {
    sessionId: row.session_id as Id<'ses'>,
    realm: row.realm,
    subjectId: row.subject_id,
    assurance: levelsOf(row),
    startedAtMs: row.started_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    evidenceId: row.evidence_id as Id<'evt'>,
  };
}

type Key = 'session_id' | 'oidc_uid' | 'interaction_uid' | 'cookie_hash';

/** The one session that a key names and that was not ended; its times are the caller's to check. */
export async function findOpenRow(
  db: Db,
  tenant: string,
  by: Partial<Record<Key, string>>,
): Promise<SessionRow | undefined> {
  let query = tablesOf(db)
    .selectFrom('sessions')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('ended_at', 'is', null);
  for (const [column, value] of Object.entries(by)) {
    // `Object.entries` forgets that the keys are columns.
    query = query.where(column as Key, '=', value);
  }
  return query.executeTakeFirst();
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
