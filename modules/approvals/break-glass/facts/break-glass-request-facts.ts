import type { Facts, FactsProvider } from '@proofline/decisions';
import { isId, type Id } from '@proofline/kernel';
import type { ApprovalsDeps } from '../../context.ts';
import { breakGlassStateAt } from '../domain/break-glass-state.ts';
import { findAccess } from '../store/break-glass-rows.ts';
import { courseOfAccess } from '../store/break-glass-tables.ts';

/** `breakGlassRequest`: what stands behind an emergency access that somebody opens, ends, judges or sees. */
export function breakGlassRequestFacts(deps: ApprovalsDeps): FactsProvider {
  return {
    name: 'breakGlassRequest',
    async gather({ resource, subject }): Promise<Facts | undefined> {
      if (resource.type !== 'BreakGlass' || !isId('bgl', resource.id)) return undefined;
      if (!isId('stf', subject.id)) return undefined;
      const row = await findAccess(deps.storage.db, deps.tenant, resource.id);
      if (!row) return undefined;
      const staff = await deps.staffOf(subject.id);
      const state = breakGlassStateAt(courseOfAccess(row), deps.clock.now());
      // Written by this module from a caller's own id.
      const requestedBy = row.requested_by as Id<'stf'>;
      return {
        values: {
          waiting: state === 'waiting',
          open: state === 'open',
          awaitsReview: row.ended_at !== null && row.verdict === null,
          requestedBySubject: requestedBy === subject.id,
          openedBySubject: row.opened_by === subject.id,
          sameDesk: staff?.desk === row.desk,
          broughtInBySubject: await deps.breakGlass.broughtIn(requestedBy, subject.id),
        },
        // Minted by the ledger.
        causes: [row.evidence_id as Id<'evt'>],
        refs: { breakGlassId: row.break_glass_id },
      };
    },
  };
}
