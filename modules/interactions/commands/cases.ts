import { newId } from '@proofline/kernel';
import type { CaseSummary, CaseType, Total } from '@proofline/protocol';
import type { Context } from '../context.ts';
import { caseColumns } from '../store/call-columns.ts';
import type { CaseImport } from '../types.ts';
import { readerOf, type Reading } from './reader-of.ts';

/** The cases that the policies let the caller see; the newest first, nothing personal. */
export async function listCases(
  context: Context,
  wanted: Reading & {
    readonly state: 'open' | 'closed' | undefined;
    readonly caseType: CaseType | undefined;
  },
): Promise<{ cases: CaseSummary[]; total: Total }> {
  const { state, caseType } = wanted;
  const reader = await readerOf(context, wanted);
  const where = await reader.permitted({
    action: 'case:list',
    resourceType: 'Case',
    columns: caseColumns,
  });
  const { rows, total } = await reader.confined((tx) =>
    context.rows.cases.list(tx, { where, state, caseType }),
  );
  const cases = rows.map((file) => ({
    caseId: file.caseId,
    caseType: file.caseType,
    state: file.state,
    ...(file.interactionId && { interactionId: file.interactionId }),
    openedAt: file.openedAt.toISOString(),
    ...(file.closedAt && { closedAt: file.closedAt.toISOString() }),
  }));
  return { cases, total };
}

/** Brings cases of earlier days: of no call and without a customer, so nothing can be opened by one. */
export async function importCases(context: Context, list: readonly CaseImport[]): Promise<void> {
  await context.storage.transaction(async (tx) => {
    for (const entry of list) {
      await context.rows.cases.insert(tx, {
        case_id: newId('cse', context),
        case_type: entry.caseType,
        state: entry.closedAtMs === undefined ? 'open' : 'closed',
        interaction_id: null,
        customer_id: null,
        opened_at: new Date(entry.openedAtMs),
        closed_at: entry.closedAtMs === undefined ? null : new Date(entry.closedAtMs),
        evidence_id: null,
      });
    }
  });
}
