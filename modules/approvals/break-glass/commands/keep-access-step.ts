import type { Id, JsonObject } from '@proofline/kernel';
import { ProblemError, type EvidenceKind } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { ApprovalsDeps } from '../../context.ts';
import { takeStep, type StepColumns } from '../store/break-glass-rows.ts';
import type { BreakGlassRow } from '../store/break-glass-tables.ts';

/** A step of an emergency access: what it changes, and what is recorded and told of it. */
export interface AccessStep {
  readonly kind: EvidenceKind;
  readonly columns: StepColumns;
  /** Who took it; absent: time, or a session that ended. */
  readonly actor?: Id<'stf'>;
  /** The permit's entry, where it was decided. */
  readonly decidedBy?: Id<'evt'>;
  readonly facts: JsonObject;
  /** Words of whoever took it: sealed. */
  readonly words?: string;
  /** What the requester is told on every channel on file. */
  readonly told?: string;
}

/**
 * Takes a step, with its entry and its message, in the caller's transaction. The row must be as it was
 * read: of two who press at the same time one is refused.
 *
 * @throws ProblemError `break-glass.closed`
 */
export async function keepAccessStep(
  deps: ApprovalsDeps,
  tx: Db,
  { row, step }: { readonly row: BreakGlassRow; readonly step: AccessStep },
): Promise<BreakGlassRow> {
  const { actor, columns, decidedBy, facts, kind, told, words } = step;
  // Minted by the ledger.
  const before = row.evidence_id as Id<'evt'>;
  const evidenceId = await deps.ledger.record(tx, {
    kind,
    causes: [before, ...(decidedBy ? [decidedBy] : [])],
    refs: { breakGlassId: row.break_glass_id },
    subjects: {
      requestedBy: row.requested_by,
      ...(row.customer_id !== null && { customer: row.customer_id }),
      ...(row.opened_by !== null && { opener: row.opened_by }),
      ...(actor && { actor }),
    },
    facts,
    ...(actor && words && { personal: [{ subject: actor, retention: 'case', fields: { words } }] }),
  });
  const written = await takeStep(tx, row, { ...columns, evidence_id: evidenceId });
  if (!written) throw new ProblemError('break-glass.closed');
  // Written by this module from a caller's own id.
  if (told) await deps.breakGlass.tell(tx, row.requested_by as Id<'stf'>, told);
  return written;
}

/** Tells the screens. After the commit. */
export function tellAccessChanged(deps: ApprovalsDeps, row: BreakGlassRow): void {
  deps.notify({
    type: 'break-glass.changed',
    // Written by this module from a caller's own id.
    staffId: row.requested_by as Id<'stf'>,
    desk: row.desk,
    // Minted by this module.
    breakGlassId: row.break_glass_id as Id<'bgl'>,
  });
}
