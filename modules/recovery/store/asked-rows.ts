import type { Id } from '@proofline/kernel';
import type { Realm } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { RecoveryRow } from './recovery-rows.ts';
import { tables, type RecoveriesTable } from './tables.ts';

/** A recovery that was asked for and not looked up yet. */
export interface AskedRow {
  readonly recoveryId: Id<'rcv'>;
  readonly askedFor: string;
  readonly browser: string;
  readonly matchingCode: string;
  readonly askedAtMs: number;
}

const BATCH_MAX = 100;

/** SQL of the table `recovery_recoveries`, until it was looked up whom a recovery is for. */
export function askedRows(tenant: string, realm: Realm) {
  const from = (db: Db) =>
    tables(db)
      .selectFrom('recovery_recoveries')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('realm', '=', realm);
  return {
    async ask(db: Db, asked: AskedRow): Promise<void> {
      await tables(db)
        .insertInto('recovery_recoveries')
        .values({
          tenant,
          realm,
          recovery_id: asked.recoveryId,
          subject_id: null,
          state: 'asked',
          asked_for: asked.askedFor,
          browser_digest: asked.browser,
          matching_code: asked.matchingCode,
          course: null,
          evidence_id: null,
          asked_at: new Date(asked.askedAtMs),
        })
        .execute();
    },

    /** Not what a clock that runs ahead of this one wrote: it begins when it was asked for. */
    async listAsked(db: Db, now: Date): Promise<AskedRow[]> {
      const rows = await from(db)
        .where('state', '=', 'asked')
        .where('asked_at', '<=', now)
        .orderBy('recovery_id')
        .limit(BATCH_MAX)
        .execute();
      return rows.map(readAsked);
    },

    async findAsked(db: Db, browser: string): Promise<AskedRow | undefined> {
      const row = await from(db)
        .where('browser_digest', '=', browser)
        .where('state', '=', 'asked')
        .executeTakeFirst();
      return row && readAsked(row);
    },

    /** What was asked for nobody is kept for as long as its browser may come back. */
    async forgetNobodys(db: Db, before: Date): Promise<void> {
      await tables(db)
        .deleteFrom('recovery_recoveries')
        .where('tenant', '=', tenant)
        .where('realm', '=', realm)
        .where('subject_id', 'is', null)
        .where('state', '<>', 'asked')
        .where('asked_at', '<', before)
        .execute();
    },

    /** Looked up: what was asked for is kept no longer. True when nobody else did so meanwhile. */
    async settle(
      db: Db,
      settled: Pick<RecoveryRow, 'recovery' | 'isReal' | 'evidenceId'>,
    ): Promise<boolean> {
      const { evidenceId, isReal, recovery } = settled;
      const result = await tables(db)
        .updateTable('recovery_recoveries')
        .set({
          subject_id: isReal ? recovery.subjectId : null,
          state: recovery.state,
          asked_for: null,
          course: JSON.stringify(recovery),
          evidence_id: evidenceId ?? null,
        })
        .where('tenant', '=', tenant)
        .where('realm', '=', realm)
        .where('recovery_id', '=', recovery.recoveryId)
        .where('state', '=', 'asked')
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

function readAsked(row: RecoveriesTable): AskedRow {
  return {
    // This column holds only what this module wrote: ids of this kind.
    recoveryId: row.recovery_id as Id<'rcv'>,
    askedFor: row.asked_for ?? '',
    browser: row.browser_digest,
    matchingCode: row.matching_code,
    askedAtMs: row.asked_at.getTime(),
  };
}
