import { newId } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { momentOf, type Context } from '../context.ts';
import { start, type Step } from '../domain/advance.ts';
import { begin } from '../domain/begin.ts';
import { countingNow, nothingPrepared, type Counting } from '../domain/preparation.ts';
import type { Recovery } from '../domain/recovery.ts';
import type { SubjectId } from '../domain/subjects.ts';
import type { AskedRow } from '../store/asked-rows.ts';
import type { Person } from '../types.ts';
import { announce, keepStep, recordState } from './keep-step.ts';
import { recordRefusal } from './refuse.ts';
import { tell } from './tell.ts';
import { isAsPrepared } from './trust-row.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Looks up who was asked for, and begins; where it does not, the row stays one that leads nowhere. */
export async function settleAsked(context: Context): Promise<void> {
  const now = new Date(context.clock.now());
  for (const asked of await context.rows.asked.listAsked(context.storage.db, now)) {
    await settleOne(context, asked);
  }
}

async function settleOne(context: Context, asked: AskedRow): Promise<void> {
  const { people, storage } = context;
  const person = await people.findByNumber(storage.db, asked.askedFor);
  const prepared = person?.active
    ? await readPrepared(context, asked, person.subjectId)
    : undefined;
  const settled = await storage.transaction(async (tx) => {
    const real =
      person && prepared ? await beginReal(context, tx, { asked, person, prepared }) : undefined;
    if (!real || 'because' in real) await settleAsNobodys(context, tx, asked);
    return real;
  });
  if (settled && 'recovery' in settled) announce(context, settled.recovery);
  else {
    const subjects = person && { recovering: person.subjectId };
    await recordRefusal(context, {
      step: 'start',
      because: settled?.because ?? 'no-such-account',
      key: person?.subjectId ?? 'unknown',
      ...(subjects && { subjects }),
    });
  }
}

async function readPrepared(
  context: Context,
  { askedAtMs }: AskedRow,
  subjectId: SubjectId,
): Promise<Counting> {
  const row = await context.rows.preparations.find(context.storage.db, subjectId);
  if (!row) return nothingPrepared;
  if (!(await isAsPrepared(context, row))) {
    const because = 'preparation-differs-from-evidence';
    const subjects = { recovering: subjectId };
    await recordRefusal(context, { step: 'start', because, key: subjectId, subjects });
    return nothingPrepared;
  }
  return countingNow(row, { nowMs: askedAtMs, seasonMs: context.seasonMs });
}

async function beginReal(
  context: Context,
  tx: Db,
  of: { readonly asked: AskedRow; readonly person: Person; readonly prepared: Counting },
): Promise<Step | { readonly because: string }> {
  const { asked, person, prepared } = of;
  const { passing, recoveries } = context.rows;
  const { subjectId } = person;
  const nowMs = context.clock.now();
  const [current] = await recoveries.listOpen(tx, subjectId);
  const { browser, recoveryId } = asked;
  const begun = begin(
    { recoveryId, subjectId, browser, ...prepared },
    {
      ...momentOf(context),
      askedAtMs: asked.askedAtMs,
      current: current?.recovery,
      startedToday: await recoveries.countBegunSince(tx, subjectId, new Date(nowMs - DAY_MS)),
      seenAtMs: (await passing.seenAt(tx))?.getTime() ?? 0,
      channels: (await context.people.channelsOf(tx, subjectId)).length,
    },
  );
  if (!begun.ok) return { because: begun.error };
  const { superseded, ...step } = begun.value;
  if (current && superseded) {
    await keepStep(context, tx, {
      row: current,
      step: { recovery: superseded, told: [] },
      entry: { kind: 'recovery.ended', facts: { because: 'superseded' } },
    });
  }
  const { recovery } = step;
  const entry = { kind: 'recovery.started' } as const;
  const evidenceId = await recordState(context, tx, { recovery, entry });
  const isFirst = await context.rows.asked.settle(tx, { recovery, isReal: true, evidenceId });
  // Another process looked it up at the same moment: nothing of this is kept, and nobody is told twice.
  if (!isFirst) throw new ProblemError('server.busy', { internal: 'it was looked up meanwhile' });
  await tell(context, tx, step);
  return step;
}

/** An account that there is not has a state like any other, which nothing ever moves on. */
async function settleAsNobodys(context: Context, tx: Db, asked: AskedRow): Promise<void> {
  const { browser, recoveryId } = asked;
  const subjectId = newId(context.realm === 'customers' ? 'cus' : 'stf', context);
  const { recovery }: { readonly recovery: Recovery } = start(
    { recoveryId, subjectId, browser, ...nothingPrepared },
    { nowMs: asked.askedAtMs },
  );
  await context.rows.asked.settle(tx, { recovery, isReal: false, evidenceId: undefined });
}
