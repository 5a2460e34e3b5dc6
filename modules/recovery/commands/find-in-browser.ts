import { setTimeout as pause } from 'node:timers/promises';
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

/** In whole steps: how long a look-up took says whether there is such an account (P9). */
const STEP_MS = 250;
const STEPS_MAX = 20;

/**
 * As {@link findInBrowser}, also right after it was begun: whom it is for is looked up after that was answered,
 * and who has their code at hand need not wait for it.
 */
export async function findOnceLookedUp(
  context: Context,
  browserSecret: string | undefined,
): Promise<RecoveryRow> {
  const { rows, storage } = context;
  const browser = sha256Base64url(browserSecret ?? '');
  for (let step = 0; step < STEPS_MAX; step += 1) {
    if (!(await rows.asked.findAsked(storage.db, browser))) break;
    await pause(STEP_MS);
  }
  return findInBrowser(context, storage.db, browserSecret);
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
