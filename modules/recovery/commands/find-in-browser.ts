import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError, type RecoveryProgress } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { shownProgress } from '../domain/progress.ts';
import type { RecoveryRow } from '../store/recovery-rows.ts';
import { askedProgress } from './start-recovery.ts';

/** The recovery that this browser began. @throws ProblemError `recovery.unknown` */
export async function findInBrowser(
  context: Context,
  db: Db,
  browserSecret: string | undefined,
): Promise<RecoveryRow> {
  const row =
    browserSecret === undefined
      ? undefined
      : await context.rows.recoveries.findByBrowser(db, sha256Base64url(browserSecret));
  if (!row) throw new ProblemError('recovery.unknown');
  return row;
}

/** Where the recovery of this browser stands. @throws ProblemError `recovery.unknown` */
export async function readProgress(
  context: Context,
  browserSecret: string | undefined,
): Promise<RecoveryProgress> {
  const { db } = context.storage;
  if (browserSecret === undefined) throw new ProblemError('recovery.unknown');
  const asked = await context.rows.asked.findAsked(db, sha256Base64url(browserSecret));
  if (asked) return askedProgress(context, asked);
  return progressOf(context, await findInBrowser(context, db, browserSecret));
}

/** A row as its browser may see it. */
export function progressOf(
  { clock, wait }: Pick<Context, 'clock' | 'wait'>,
  { matchingCode, recovery }: Pick<RecoveryRow, 'matchingCode' | 'recovery'>,
): RecoveryProgress {
  return {
    ...shownProgress(recovery, { nowMs: clock.now(), wait }),
    matchingCode,
    wait: { seconds: wait.waitSeconds, isShortened: wait.isShortened },
  };
}
