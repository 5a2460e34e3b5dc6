import type { Id, JsonObject } from '@proofline/kernel';
import type { PersonalFields } from '@proofline/ledger';
import { ProblemError, type EvidenceKind } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import type { Step } from '../domain/advance.ts';
import { commitmentOf } from '../domain/commitment.ts';
import type { Recovery } from '../domain/recovery.ts';
import type { RecoveryRow } from '../store/recovery-rows.ts';
import { tell } from './tell.ts';

/** What the entry of a step says besides the state. */
export interface StepEntry {
  readonly kind: EvidenceKind;
  readonly causes?: readonly Id<'evt'>[];
  readonly subjects?: Readonly<Record<string, string>>;
  readonly refs?: Readonly<Record<string, string>>;
  readonly facts?: JsonObject;
  readonly personal?: readonly PersonalFields[];
}

/** The entry of a state, with its commitment. */
export function recordState(
  context: Context,
  tx: Db,
  { entry, recovery }: { readonly recovery: Recovery; readonly entry: StepEntry },
): Promise<Id<'evt'>> {
  return context.ledger.record(tx, {
    kind: entry.kind,
    causes: entry.causes ?? [],
    refs: { recoveryId: recovery.recoveryId, ...entry.refs },
    subjects: { recovering: recovery.subjectId, ...entry.subjects },
    facts: { realm: context.realm, ...entry.facts, state: commitmentOf(recovery) },
    ...(entry.personal && { personal: entry.personal }),
  });
}

/**
 * Keeps a step in the caller's transaction: state, entry and messages, or none of them (P3).
 *
 * @throws ProblemError `server.busy` when somebody else took a step at the same moment.
 */
export async function keepStep(
  context: Context,
  tx: Db,
  kept: { readonly row: RecoveryRow; readonly step: Step; readonly entry: StepEntry },
): Promise<Id<'evt'>> {
  const { entry, row, step } = kept;
  const { recovery } = step;
  const evidenceId = await recordState(context, tx, {
    recovery,
    entry: {
      ...entry,
      causes: [...(row.evidenceId ? [row.evidenceId] : []), ...(entry.causes ?? [])],
    },
  });
  await keepQuietly(context, tx, { row, recovery, evidenceId });
  await tell(context, tx, step);
  return evidenceId;
}

/** Keeps what moves without an entry: a look at the clock, a wrong code, an account that there is not. */
export async function keepQuietly(
  context: Context,
  tx: Db,
  kept: {
    readonly row: RecoveryRow;
    readonly recovery: Recovery;
    readonly evidenceId?: Id<'evt'> | undefined;
  },
): Promise<void> {
  const { recovery, row } = kept;
  const evidenceId = kept.evidenceId ?? row.evidenceId;
  const isFirst = await context.rows.recoveries.advance(tx, row, { recovery, evidenceId });
  if (!isFirst) throw new ProblemError('server.busy', { internal: MOVED });
}

const MOVED = 'the recovery moved meanwhile';

/** Whether a step came to nothing only because another was taken at the same moment. */
export function hasMoved(error: unknown): boolean {
  return error instanceof ProblemError && error.details.internal === MOVED;
}

const TRIES = 3;

/**
 * A transaction that looks at the recovery itself, and once more where another step was taken meanwhile: that
 * the server looked at the clock in the same moment keeps nobody’s word from counting.
 *
 * @throws ProblemError `server.busy` where it moved each time
 */
export async function takeStep<T>(
  { storage }: Pick<Context, 'storage'>,
  work: (tx: Db) => Promise<T>,
  tries = TRIES,
): Promise<T> {
  try {
    return await storage.transaction(work);
  } catch (error) {
    if (tries <= 1 || !hasMoved(error)) throw error;
    return takeStep({ storage }, work, tries - 1);
  }
}

/** After the commit: messages go out, and the screens of those whom it concerns ask again. */
export function announce(context: Context, { contacts, recoveryId, subjectId }: Recovery): void {
  context.messages.kick();
  const forSubjects = [subjectId, ...contacts];
  context.notify({ type: 'recovery.changed', recoveryId, forSubjects });
}
