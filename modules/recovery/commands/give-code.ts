import type { Id } from '@proofline/kernel';
import { ProblemError, type RecoveryProgress } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { momentOf, type Context } from '../context.ts';
import { advance, wrongCode } from '../domain/advance.ts';
import { isSealedCode } from '../domain/code-seal.ts';
import type { RecoveryRow } from '../store/recovery-rows.ts';
import { findOnceLookedUp, progressOf } from './find-in-browser.ts';
import { announce, keepQuietly, keepStep } from './keep-step.ts';
import { recordRefusal } from './refuse.ts';
import { isAsPrepared, isAsRecorded } from './trust-row.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface GivenCode {
  readonly browserSecret: string | undefined;
  readonly code: string;
  readonly requestId: Id<'req'>;
}

/**
 * The sealed code, typed into the browser that began. Five wrong ones end it for this recovery, ten for
 * the subject's day. A code that was never made is as wrong as any other, and takes as long (P9).
 *
 * @throws ProblemError `recovery.unknown`, `recovery.code-refused`
 */
export async function giveCode(context: Context, input: GivenCode): Promise<RecoveryProgress> {
  const { db } = context.storage;
  const row = await findOnceLookedUp(context, input.browserSecret);
  const prepared = await context.rows.preparations.find(db, row.recovery.subjectId);
  const isSealed = await isSealedCode(input.code, prepared?.code ?? undefined);
  // Asked of a right one only, so that no wrong one takes longer than another (P9).
  const isRight = isSealed && prepared !== undefined && (await isAsPrepared(context, prepared));
  const isTrue = row.isReal ? await isAsRecorded(context, row) : true;
  const outcome = await context.storage.transaction(async (tx) =>
    isTrue
      ? take(context, tx, {
          ...input,
          row,
          isRight,
          codeMadeAtMs: prepared?.code?.madeAtMs ?? null,
        })
      : { because: 'differs-from-evidence' },
  );
  if ('because' in outcome) {
    const key = row.recovery.recoveryId;
    await recordRefusal(context, { step: 'code', because: outcome.because, key, row });
    throw new ProblemError('recovery.code-refused');
  }
  await context.ledger.durable(outcome.evidenceId);
  announce(context, outcome.row.recovery);
  return progressOf(context, outcome.row);
}

async function take(
  context: Context,
  tx: Db,
  given: GivenCode & {
    readonly row: RecoveryRow;
    readonly isRight: boolean;
    readonly codeMadeAtMs: number | null;
  },
): Promise<
  { readonly because: string } | { readonly row: RecoveryRow; readonly evidenceId: Id<'evt'> }
> {
  const { codeMadeAtMs, isRight, row } = given;
  const { passing } = context.rows;
  const moment = momentOf(context);
  const key = `code:${row.recovery.subjectId}`;
  const wrongToday = await passing.countTries(tx, key, new Date(moment.nowMs - DAY_MS));
  const { browser } = row.recovery;
  const next = advance(
    row.recovery,
    { kind: 'give-code', browser, isRight, codeMadeAtMs, wrongToday },
    moment,
  );
  if (!next.ok) {
    // Wherever a code is refused, the same is written: the time says nothing about why.
    const at = new Date(moment.nowMs);
    await passing.noteTry(tx, { attemptId: given.requestId, key, at });
    await keepQuietly(context, tx, { row, recovery: wrongCode(row.recovery) });
    return { because: next.error };
  }
  const evidenceId = await keepStep(context, tx, {
    row,
    step: next.value,
    entry: {
      kind: 'recovery.proof-given',
      subjects: { actor: row.recovery.subjectId },
      facts: { proof: 'code' },
    },
  });
  return { row: { ...row, recovery: next.value.recovery }, evidenceId };
}
