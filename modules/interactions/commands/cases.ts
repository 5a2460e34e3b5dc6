import { limits, newId } from '@proofline/kernel';
import type { CaseSummary, CaseType } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { CaseImport } from '../types.ts';

/** Cases by type and state, the newest first; nothing personal. */
export async function listCases(
  context: Context,
  wanted: {
    readonly state: 'open' | 'closed' | undefined;
    readonly caseType: CaseType | undefined;
  },
): Promise<CaseSummary[]> {
  const cases = await context.rows.cases.list(context.storage.db, {
    ...wanted,
    limit: limits.pageMaxItems,
  });
  return cases.map((file) => ({
    caseId: file.caseId,
    caseType: file.caseType,
    state: file.state,
    ...(file.interactionId && { interactionId: file.interactionId }),
    openedAt: file.openedAt.toISOString(),
    ...(file.closedAt && { closedAt: file.closedAt.toISOString() }),
  }));
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
