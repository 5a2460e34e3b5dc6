import { samlTablesOf } from '../../saml/store/tables.ts';
import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tablesOf, type LogoutTable } from '../../store/tables.ts';

const BATCH_MAX = 50;

/** Whose sign-in ended, when, and the entry that says so. */
interface Ending {
  readonly tenant: string;
  readonly subjectId: string;
  readonly evidenceId: Id<'evt'>;
  readonly at: Date;
}

/** Where a session was used, that ends now: each of these is to be told. */
export async function insertLogouts(
  tx: Db,
  ended: Ending & { readonly sessionId: Id<'ses'> },
): Promise<void> {
  const { sessionId, tenant } = ended;
  const uses = await tablesOf(tx)
    .selectFrom('session_application_uses')
    .select('application_id')
    .where('tenant', '=', tenant)
    .where('session_id', '=', sessionId)
    .execute();
  const participants = await samlTablesOf(tx)
    .selectFrom('saml_participants')
    .select('application_id')
    .where('tenant', '=', tenant)
    .where('session_id', '=', sessionId)
    .where('left_at', 'is', null)
    .execute();
  const used = new Set([...uses, ...participants].map((one) => one.application_id));
  const places = [...used].map((application_id) => ({
    session_id: sessionId,
    // Minted by us before it was stored.
    application_id: application_id as Id<'app'>,
  }));
  await writeLogouts(tx, places, ended);
}

/** A customer took back what an application rests on: it is told as if their sessions there had ended. */
export async function insertLogoutsOf(
  tx: Db,
  withdrawn: Ending & { readonly applicationId: Id<'app'> },
): Promise<void> {
  const { applicationId, subjectId, tenant } = withdrawn;
  const uses = await tablesOf(tx)
    .deleteFrom('session_application_uses as uses')
    .using('sessions')
    .whereRef('sessions.tenant', '=', 'uses.tenant')
    .whereRef('sessions.session_id', '=', 'uses.session_id')
    .where('uses.tenant', '=', tenant)
    .where('uses.application_id', '=', applicationId)
    .where('sessions.subject_id', '=', subjectId)
    .where('sessions.ended_at', 'is', null)
    .returning('uses.session_id')
    .execute();
  const places = uses.map(({ session_id }) => ({ session_id, application_id: applicationId }));
  await writeLogouts(tx, places, withdrawn);
}

/** An application that was told of this session once, and was used in it again since, is told again. */
async function writeLogouts(
  tx: Db,
  places: readonly Pick<LogoutTable, 'session_id' | 'application_id'>[],
  { at, evidenceId, subjectId, tenant }: Ending,
): Promise<void> {
  if (places.length === 0) return;
  const rows = places.map((place) => ({
    ...place,
    tenant,
    subject_id: subjectId,
    evidence_id: evidenceId,
    attempts: 0,
    next_attempt_at: at,
    closed_at: null,
    outcome: null,
  }));
  await tablesOf(tx)
    .insertInto('session_logouts')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'session_id', 'application_id']).doUpdateSet((set) => ({
        evidence_id: set.ref('excluded.evidence_id'),
        attempts: 0,
        next_attempt_at: set.ref('excluded.next_attempt_at'),
        closed_at: null,
        outcome: null,
      })),
    )
    .execute();
}

/** What is to be told now, the longest waiting first. */
export async function listDueLogouts(db: Db, tenant: string, at: Date): Promise<LogoutTable[]> {
  return tablesOf(db)
    .selectFrom('session_logouts')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('closed_at', 'is', null)
    .where('next_attempt_at', '<=', at)
    .orderBy('next_attempt_at')
    .limit(BATCH_MAX)
    .execute();
}

/** Takes the next attempt for this process; false when another one took it. */
export async function leaseLogout(db: Db, row: LogoutTable, until: Date): Promise<boolean> {
  const updated = await tablesOf(db)
    .updateTable('session_logouts')
    .set({ attempts: row.attempts + 1, next_attempt_at: until })
    .where('tenant', '=', row.tenant)
    .where('session_id', '=', row.session_id)
    .where('application_id', '=', row.application_id)
    .where('closed_at', 'is', null)
    .where('attempts', '=', row.attempts)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** Nothing more is told. */
export async function closeLogout(
  tx: Db,
  row: LogoutTable,
  end: { readonly outcome: NonNullable<LogoutTable['outcome']>; readonly at: Date },
): Promise<void> {
  await tablesOf(tx)
    .updateTable('session_logouts')
    .set({ closed_at: end.at, outcome: end.outcome })
    .where('tenant', '=', row.tenant)
    .where('session_id', '=', row.session_id)
    .where('application_id', '=', row.application_id)
    .execute();
}
