import type { Id } from '@proofline/kernel';
import { insertOf, type Db, type Insert, type InsertTarget } from '@proofline/storage';
import { tablesOf, type SessionKeyRow } from './tables.ts';

const sessionKeys: InsertTarget<SessionKeyRow> = {
  table: 'session_keys',
  columns: { tenant: 'text', session_id: 'text', console_key: 'text', refused_at: 'timestamptz' },
};

/** The key of a session that is begun in the same statement. */
export function newConsoleKey(of: {
  readonly tenant: string;
  readonly sessionId: Id<'ses'>;
  readonly thumbprint: string;
}): Insert {
  const { tenant, sessionId, thumbprint } = of;
  const row = { tenant, session_id: sessionId, console_key: thumbprint, refused_at: null };
  return insertOf(sessionKeys, [row]);
}

/** Notes with which key the console asked for the sign-in that a passkey has answered. */
export async function noteConsoleKey(
  tx: Db,
  of: { readonly tenant: string; readonly sessionId: Id<'ses'>; readonly thumbprint: string },
): Promise<void> {
  await tablesOf(tx)
    .insertInto('session_keys')
    .values({
      tenant: of.tenant,
      session_id: of.sessionId,
      console_key: of.thumbprint,
      refused_at: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'session_id']).doUpdateSet({ console_key: of.thumbprint }),
    )
    .execute();
}

/** The thumbprint (RFC 7638) of the console’s key in this session. */
export async function findConsoleKey(
  db: Db,
  tenant: string,
  sessionId: Id<'ses'>,
): Promise<string | undefined> {
  const row = await tablesOf(db)
    .selectFrom('session_keys')
    .select('console_key')
    .where('tenant', '=', tenant)
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  return row?.console_key ?? undefined;
}

/** Notes a refusal; `false` when another was noted after `since`. */
export async function noteRefusedAt(
  tx: Db,
  of: {
    readonly tenant: string;
    readonly sessionId: Id<'ses'>;
    readonly at: Date;
    readonly since: Date;
  },
): Promise<boolean> {
  const done = await tablesOf(tx)
    .insertInto('session_keys')
    .values({
      tenant: of.tenant,
      session_id: of.sessionId,
      console_key: null,
      refused_at: of.at,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant', 'session_id'])
        .doUpdateSet({ refused_at: of.at })
        .where(({ eb, or }) =>
          or([
            eb('session_keys.refused_at', 'is', null),
            eb('session_keys.refused_at', '<', of.since),
          ]),
        ),
    )
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}
