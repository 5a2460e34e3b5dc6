import {
  FactsSpent,
  type DecisionInput,
  type Facts,
  type FactsProvider,
} from '@proofline/decisions';
import type { Id } from '@proofline/kernel';
import { AccountNumber } from '@proofline/protocol';
import type { ApprovalsDeps } from '../../context.ts';
import { tellAccessChanged } from '../commands/keep-access-step.ts';
import { breakGlassStateAt } from '../domain/break-glass-state.ts';
import { findAccess, insertUse, listOpened } from '../store/break-glass-rows.ts';
import { courseOfAccess, type BreakGlassRow } from '../store/break-glass-tables.ts';
import { mayStillOpen, openingStands } from './opening-stands.ts';

/**
 * `breakGlass`: the emergency access of exactly this colleague, in exactly this session, to exactly this
 * record. It is told of no other kind of resource, so that no other decision can rest on it (P1).
 */
export function breakGlassFacts(deps: ApprovalsDeps): FactsProvider {
  return {
    name: 'breakGlass',
    async gather(input): Promise<Facts | undefined> {
      const row = await findFor(deps, input);
      return row && factsOf(deps, row, input);
    },
  };
}

async function findFor(
  deps: ApprovalsDeps,
  { resource, sessionId, subject }: DecisionInput,
): Promise<BreakGlassRow | undefined> {
  if (resource.type !== 'EmergencyRecord' || subject.type !== 'Staff') return undefined;
  const accountNumber = AccountNumber.safeParse(resource.id).data;
  // Written otherwise than it is kept, it is not the record that was opened.
  if (sessionId === undefined || accountNumber !== resource.id) return undefined;
  const rows = await listOpened(deps.storage.db, deps.tenant, {
    requestedBy: subject.id,
    accountNumber,
  });
  return rows.find((row) => row.requested_in_session === sessionId);
}

async function factsOf(
  deps: ApprovalsDeps,
  row: BreakGlassRow,
  { action }: DecisionInput,
): Promise<Facts> {
  const isOpen = breakGlassStateAt(courseOfAccess(row), deps.clock.now()) === 'open';
  // Minted by the ledger when it was opened.
  const openedEvidence = row.evidence_id as Id<'evt'>;
  return {
    values: {
      live: isOpen && (await openingStands(deps, row)),
      openedByOther: row.opened_by !== row.requested_by,
      // Written by this module as an array of names.
      categories: JSON.parse(row.categories) as string[],
    },
    causes: [openedEvidence],
    refs: { breakGlassId: row.break_glass_id },
    subjects: subjectsOf(row),
    async onPermit(tx, { decisionId, evidenceId }) {
      const at = new Date(deps.clock.now());
      const now = await findAccess(tx, deps.tenant, row.break_glass_id);
      if (!now || breakGlassStateAt(courseOfAccess(now), at.getTime()) !== 'open') {
        throw new FactsSpent();
      }
      // Whoever opened it may have gone between the question and its commit.
      const opener = now.opened_by as Id<'stf'>; // Written by this module from a caller's own id.
      if (!mayStillOpen(await deps.breakGlass.findIn(tx, opener), now)) throw new FactsSpent();
      const used = await deps.ledger.record(tx, {
        kind: 'break-glass.used',
        causes: [openedEvidence, evidenceId],
        refs: { breakGlassId: row.break_glass_id, decisionId },
        subjects: { ...subjectsOf(row), actor: row.requested_by },
        facts: { action },
      });
      await insertUse(tx, {
        tenant: deps.tenant,
        break_glass_id: row.break_glass_id,
        decision_id: decisionId,
        action,
        at,
        evidence_id: used,
      });
    },
    onRecorded: () => tellAccessChanged(deps, row),
  };
}

/** Who opened it, and whose record it is, as entries about it name them. */
function subjectsOf(row: BreakGlassRow): Record<string, string> {
  return {
    ...(row.customer_id !== null && { customer: row.customer_id }),
    ...(row.opened_by !== null && { opener: row.opened_by }),
  };
}
