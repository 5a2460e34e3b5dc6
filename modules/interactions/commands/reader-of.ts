import type { Id } from '@proofline/kernel';
import { deskInSight, ProblemError, type Action } from '@proofline/protocol';
import { conditionOf, type Columns } from '@proofline/decisions';
import type { Db, SqlCondition } from '@proofline/storage';
import type { Context } from '../context.ts';

/** A colleague in a session. */
export interface Reading {
  readonly subjectId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
}

/** How rows are read for somebody: those that policies permit, behind the wall of their desk. */
export interface Reader {
  /** What the list adds to its query. */
  permitted(asked: {
    readonly action: Action;
    readonly resourceType: 'Interaction' | 'Case';
    readonly columns: (reader: { subjectId: Id<'stf'>; desk: string }) => Columns;
  }): Promise<SqlCondition | undefined>;
  /** Runs the query; without its condition it would still show no other desk's rows. */
  confined<T>(work: (tx: Db) => Promise<T>): Promise<T>;
}

/** @throws ProblemError `access.denied` for somebody who does not work here now. */
export async function readerOf(context: Context, reading: Reading): Promise<Reader> {
  const { sessionId, subjectId } = reading;
  const staff = await context.staffOf(subjectId);
  if (!staff) throw new ProblemError('access.denied', { internal: 'the reader is not active' });
  return {
    async permitted({ action, columns, resourceType }) {
      const filter = await context.rowsPermitted({
        subject: { type: 'Staff', id: subjectId },
        sessionId,
        action,
        resourceType,
        known: ['staff', 'session'],
        columns: columns({ subjectId, desk: staff.desk }),
      });
      return conditionOf(filter);
    },
    confined: (work) => context.storage.confined({ subjectId, desk: deskInSight(staff) }, work),
  };
}
