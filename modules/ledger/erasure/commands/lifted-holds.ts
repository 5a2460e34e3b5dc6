import { provenEntry } from '../../reading/proven-facts.ts';
import type { ErasureContext } from '../context.ts';
import type { HoldRow } from '../store/hold-rows.ts';

/**
 * Looks which holds the log says were lifted, by somebody else than who placed them. A row that says
 * so by itself lifts nothing: the working login may write it.
 *
 * Outside of a transaction, because a proof is of what is published; what was lifted after it stands a
 * moment longer.
 */
export async function learnLifted(context: ErasureContext): Promise<void> {
  const { holds, storage, sequencer, liftedHolds } = context;
  for (const { hold_id: holdId, lifted_evidence: evidenceId } of await holds.all(storage.db)) {
    if (evidenceId === null || liftedHolds.has(holdId)) continue;
    const entry = await provenEntry(context, sequencer.published(), evidenceId);
    if (entry?.kind !== 'hold.lifted' || entry.refs['holdId'] !== holdId) continue;
    const { actor, placedBy } = entry.subjects;
    if (actor !== undefined && actor !== placedBy) liftedHolds.add(holdId);
  }
}

/** Whether a hold keeps what it covers, as far as {@link learnLifted} has looked. */
export function isStanding({ liftedHolds }: ErasureContext, row: HoldRow): boolean {
  return row.lifted_at === null || !liftedHolds.has(row.hold_id);
}
