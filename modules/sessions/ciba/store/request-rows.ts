import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tablesOf } from '../../store/tables.ts';
import type { PersonId } from '../../types.ts';
import type { Told } from '../domain/texts.ts';
import type { SignInRequestRow } from './tables.ts';

const rowsOf = (db: Db, tenant: string) =>
  tablesOf(db).selectFrom('session_sign_in_requests').selectAll().where('tenant', '=', tenant);

const change = (db: Db, tenant: string) =>
  tablesOf(db).updateTable('session_sign_in_requests').where('tenant', '=', tenant);

export async function insertRequest(db: Db, row: SignInRequestRow): Promise<void> {
  await tablesOf(db).insertInto('session_sign_in_requests').values(row).execute();
}

export async function findBySecret(
  db: Db,
  tenant: string,
  authReqHash: string,
): Promise<SignInRequestRow | undefined> {
  return rowsOf(db, tenant).where('auth_req_hash', '=', authReqHash).executeTakeFirst();
}

interface OfSubject {
  readonly subjectId: PersonId;
  readonly at: Date;
}

/** What a person is asked now, the newest first. */
export async function listWaiting(
  db: Db,
  tenant: string,
  { at, subjectId }: OfSubject,
): Promise<SignInRequestRow[]> {
  return rowsOf(db, tenant)
    .where('subject_id', '=', subjectId)
    .where('is_shown', '=', true)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', at)
    .orderBy('asked_at', 'desc')
    .execute();
}

/** One of {@link listWaiting}. */
export async function findWaiting(
  db: Db,
  tenant: string,
  { requestId, ...of }: OfSubject & { readonly requestId: Id<'sir'> },
): Promise<SignInRequestRow | undefined> {
  const waiting = await listWaiting(db, tenant, of);
  return waiting.find((row) => row.request_id === requestId);
}

/** Whatever of this application still waits with this person, shown or not. */
export async function listOpenOf(
  db: Db,
  tenant: string,
  of: { readonly applicationId: Id<'app'>; readonly subjectId: PersonId },
): Promise<SignInRequestRow[]> {
  return rowsOf(db, tenant)
    .where('subject_id', '=', of.subjectId)
    .where('application_id', '=', of.applicationId)
    .where('state', '=', 'waiting')
    .execute();
}

/** Whose requests this person was shown since then, once for each time. */
export async function listAskedSince(
  db: Db,
  tenant: string,
  { subjectId, at }: OfSubject,
): Promise<readonly Id<'app'>[]> {
  const rows = await tablesOf(db)
    .selectFrom('session_sign_in_requests')
    .select('application_id')
    .where('tenant', '=', tenant)
    .where('subject_id', '=', subjectId)
    .where('is_shown', '=', true)
    .where('asked_at', '>', at)
    .execute();
  return rows.map(({ application_id: id }) => id);
}

/** Of which requests this customer was told since then. */
export async function listToldSince(
  db: Db,
  tenant: string,
  { subjectId, at }: OfSubject,
): Promise<readonly Told[]> {
  const rows = await tablesOf(db)
    .selectFrom('session_sign_in_requests')
    .select(['application_id', 'asked_at', 'state'])
    .where('tenant', '=', tenant)
    .where('subject_id', '=', subjectId)
    .where('is_told', '=', true)
    .where('asked_at', '>', at)
    .execute();
  return rows.map(({ application_id: applicationId, asked_at: askedAt, state }) => ({
    applicationId,
    atMs: askedAt.getTime(),
    isAnswered: state === 'allowed' || state === 'refused',
  }));
}

/** Of which requests customers are to be told; each is answered to one process, once. */
export async function takeToBeTold(db: Db, tenant: string): Promise<SignInRequestRow[]> {
  return change(db, tenant)
    .set({ is_to_be_told: false })
    .where('is_to_be_told', '=', true)
    .returningAll()
    .execute();
}

/** How many requests an application has made since then, to whomever. */
export async function countOf(
  db: Db,
  tenant: string,
  { applicationId, at }: { readonly applicationId: Id<'app'>; readonly at: Date },
): Promise<number> {
  const { count } = await tablesOf(db)
    .selectFrom('session_sign_in_requests')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('tenant', '=', tenant)
    .where('application_id', '=', applicationId)
    .where('asked_at', '>', at)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Ends a request that waits, once; false when it does not any more. */
export async function closeRequest(
  db: Db,
  row: SignInRequestRow,
  end: Pick<SignInRequestRow, 'state' | 'evidence_id'> &
    Partial<Pick<SignInRequestRow, 'ping_at' | 'sealed_ping'>>,
): Promise<boolean> {
  const closed = await change(db, row.tenant)
    .set(end)
    .where('request_id', '=', row.request_id)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  return closed.numUpdatedRows === 1n;
}

export async function notePoll(
  db: Db,
  row: SignInRequestRow,
  noted: Pick<SignInRequestRow, 'interval_seconds' | 'polled_at'>,
): Promise<void> {
  await change(db, row.tenant).set(noted).where('request_id', '=', row.request_id).execute();
}

const BATCH_MAX = 100;

/** Those that wait and whose time is over. */
export async function listOverdue(db: Db, tenant: string, at: Date): Promise<SignInRequestRow[]> {
  return rowsOf(db, tenant)
    .where('state', '=', 'waiting')
    .where('expires_at', '<=', at)
    .orderBy('expires_at')
    .limit(BATCH_MAX)
    .execute();
}

/** What is in nobody’s way any more, and was personal. */
export async function forgetRequests(
  db: Db,
  tenant: string,
  { before, toldBefore }: { readonly before: Date; readonly toldBefore: Date },
): Promise<void> {
  await tablesOf(db)
    .deleteFrom('session_sign_in_requests')
    .where('tenant', '=', tenant)
    .where('expires_at', '<', before)
    .where(({ eb, or }) => or([eb('is_told', '=', false), eb('expires_at', '<', toldBefore)]))
    .where('state', '<>', 'waiting')
    .where('ping_at', 'is', null)
    .execute();
  await tablesOf(db)
    .deleteFrom('session_silenced_applications')
    .where('tenant', '=', tenant)
    .where('until', '<', before)
    .execute();
}

/** Applications that are to be told, those longest due first. */
export async function listDuePings(db: Db, tenant: string, at: Date): Promise<SignInRequestRow[]> {
  return rowsOf(db, tenant)
    .where('ping_at', '<=', at)
    .orderBy('ping_at')
    .limit(BATCH_MAX)
    .execute();
}

/** Takes the next attempt for this process; false when another one took it. */
export async function leasePing(db: Db, row: SignInRequestRow, until: Date): Promise<boolean> {
  const leased = await change(db, row.tenant)
    .set({ ping_attempts: row.ping_attempts + 1, ping_at: until })
    .where('request_id', '=', row.request_id)
    .where('ping_at', 'is not', null)
    .where('ping_attempts', '=', row.ping_attempts)
    .executeTakeFirst();
  return leased.numUpdatedRows === 1n;
}

/** Nothing more is told, and what it took is wiped. */
export async function closePing(db: Db, row: SignInRequestRow): Promise<void> {
  await change(db, row.tenant)
    .set({ ping_at: null, sealed_ping: null })
    .where('request_id', '=', row.request_id)
    .execute();
}
