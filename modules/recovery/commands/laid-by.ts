import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import type { SubjectId } from '../domain/subjects.ts';
import type { PreparationRow } from '../store/preparation-rows.ts';
import { isAsPrepared, preparationDigest } from './trust-row.ts';

/** What a subject laid by, as it was found before the transaction that builds on it. */
export interface LaidBy {
  readonly row: PreparationRow | undefined;
  /** Whether it is what its entry says. */
  readonly isTrue: boolean;
}

/**
 * Looks at what a subject laid by. Before the transaction, in which the log cannot be read: what somebody
 * wrote into the table must not become true by its owner's next change.
 */
export async function findLaidBy(context: Context, subjectId: SubjectId): Promise<LaidBy> {
  const row = await context.rows.preparations.find(context.storage.db, subjectId);
  return { row, isTrue: row !== undefined && (await isAsPrepared(context, row)) };
}

/**
 * What may be built on within the transaction; what was not true is as if nothing had been laid by.
 *
 * @throws ProblemError `server.busy` when it was changed since it was looked at
 */
export async function buildOn(
  context: Context,
  tx: Db,
  { laidBy: { isTrue, row: seen }, subjectId }: { laidBy: LaidBy; subjectId: SubjectId },
): Promise<PreparationRow | undefined> {
  const row = await context.rows.preparations.find(tx, subjectId);
  if (stateOf(row) !== stateOf(seen)) {
    throw new ProblemError('server.busy', { internal: 'what was laid by has changed meanwhile' });
  }
  return isTrue ? row : undefined;
}

const stateOf = (row: PreparationRow | undefined) =>
  row && `${row.evidenceId} ${preparationDigest(row)}`;
