import type { Id } from '@proofline/kernel';
import { idOf, type Realm } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { z } from 'zod';
import { hasOwnProof, recoveryStates, type Recovery } from '../domain/recovery.ts';
import { realmOf, Standing, SubjectId } from '../domain/subjects.ts';
import { tables, type RecoveriesTable } from './tables.ts';

/** A recovery with its row's own facts. */
export interface RecoveryRow {
  readonly recovery: Recovery;
  /** False for an account that there is not. */
  readonly isReal: boolean;
  readonly matchingCode: string;
  /** The entry of its last step; absent where there is no account. */
  readonly evidenceId: Id<'evt'> | undefined;
  /** As stored: whoever changes it changes exactly this. */
  readonly course: string;
}

const Course = z.strictObject({
  recoveryId: idOf('rcv'),
  subjectId: SubjectId,
  state: z.enum(recoveryStates),
  browser: z.string(),
  startedAtMs: z.number(),
  contacts: z.array(SubjectId),
  contactsNeeded: z.number(),
  codeMadeAtMs: z.number().nullable(),
  vouchers: z.array(
    z.strictObject({
      by: SubjectId,
      as: z.enum(['contact', 'officer']),
      role: Standing,
      desk: z.string(),
    }),
  ),
  codeGiven: z.boolean(),
  wrongCodes: z.number(),
  provedAtMs: z.number().nullable(),
  readyAtMs: z.number().nullable(),
  expiresAtMs: z.number(),
  daysTold: z.number(),
  waitedMs: z.number(),
  seenAtMs: z.number(),
});

const BATCH_MAX = 100;

/** SQL of the table `recovery_recoveries`: the rows of one realm. */
export function recoveryRows(tenant: string, realm: Realm) {
  const ofBoth = (db: Db) =>
    tables(db).selectFrom('recovery_recoveries').selectAll().where('tenant', '=', tenant);
  const from = (db: Db) => ofBoth(db).where('realm', '=', realm);
  const read = (row: RecoveriesTable | undefined) => readOf(realm, row);
  return {
    async findByBrowser(db: Db, browser: string): Promise<RecoveryRow | undefined> {
      return read(
        await from(db)
          .where('browser_digest', '=', browser)
          .where('state', '<>', 'asked')
          .executeTakeFirst(),
      );
    },

    async findById(db: Db, recoveryId: Id<'rcv'>): Promise<RecoveryRow | undefined> {
      return read(
        await from(db)
          .where('recovery_id', '=', recoveryId)
          .where('state', '<>', 'asked')
          .executeTakeFirst(),
      );
    },

    /** Of an account that there is, while proofs are collected. */
    async findByCode(db: Db, matchingCode: string): Promise<RecoveryRow | undefined> {
      return read(
        await from(db)
          .where('state', '=', 'collecting')
          .where('matching_code', '=', matchingCode)
          .where('subject_id', 'is not', null)
          .executeTakeFirst(),
      );
    },

    /** In either realm: officers type the codes of both. */
    async isCodeTaken(db: Db, matchingCode: string): Promise<boolean> {
      const query = ofBoth(db)
        .where('state', 'in', ['asked', 'collecting'])
        .where('matching_code', '=', matchingCode);
      return (await query.executeTakeFirst()) !== undefined;
    },

    async listOpen(db: Db, subjectId: SubjectId): Promise<RecoveryRow[]> {
      const rows = await from(db)
        .where('state', 'in', ['collecting', 'waiting'])
        .where('subject_id', '=', subjectId)
        .orderBy('recovery_id')
        .limit(BATCH_MAX)
        .execute();
      return rows.flatMap((row) => read(row) ?? []);
    },

    async countBegunSince(db: Db, subjectId: SubjectId, since: Date): Promise<number> {
      const rows = await from(db)
        .where('subject_id', '=', subjectId)
        .where('asked_at', '>', since)
        .limit(BATCH_MAX)
        .execute();
      return rows.length;
    },

    /** Of one subject, cancelled although a proof of their own stood, asked for since then. */
    async countProvedCancels(db: Db, subjectId: SubjectId, since: Date): Promise<number> {
      const rows = await from(db)
        .where('subject_id', '=', subjectId)
        .where('state', '=', 'cancelled')
        .where('asked_at', '>', since)
        // More than a subject begins in thirty days: those without a proof hide none that has one.
        .limit(BATCH_MAX * 10)
        .execute();
      return rows.filter((row) => {
        const cancelled = read(row)?.recovery;
        return cancelled !== undefined && hasOwnProof(cancelled);
      }).length;
    },

    /** Writes a step; true when the row still was what the step started from. */
    async advance(
      db: Db,
      row: RecoveryRow,
      next: { readonly recovery: Recovery; readonly evidenceId: Id<'evt'> | undefined },
    ): Promise<boolean> {
      const result = await tables(db)
        .updateTable('recovery_recoveries')
        .set({
          state: next.recovery.state,
          course: JSON.stringify(next.recovery),
          evidence_id: next.evidenceId ?? null,
        })
        .where('tenant', '=', tenant)
        .where('recovery_id', '=', row.recovery.recoveryId)
        .where('course', '=', row.course)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

/** A course that is none any more opens nothing: the row is as good as gone. */
export function readOf(realm: Realm, row: RecoveriesTable | undefined): RecoveryRow | undefined {
  if (!row || row.course === null) return undefined;
  const parsed = Course.safeParse(readJson(row.course));
  if (!parsed.success) return undefined;
  const recovery: Recovery = parsed.data;
  const isReal = row.subject_id !== null;
  const isConsistent =
    recovery.recoveryId === row.recovery_id &&
    recovery.state === row.state &&
    recovery.browser === row.browser_digest &&
    realmOf(recovery.subjectId) === realm &&
    (!isReal || recovery.subjectId === row.subject_id);
  if (!isConsistent) return undefined;
  return {
    recovery,
    isReal,
    matchingCode: row.matching_code,
    // This column holds only what this module wrote: ids of this kind.
    evidenceId: (row.evidence_id ?? undefined) as Id<'evt'> | undefined,
    course: row.course,
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
