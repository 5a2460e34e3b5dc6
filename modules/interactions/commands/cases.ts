import { limits, newId, type Id } from '@proofline/kernel';
import type { CaseSummary, CaseType } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { CaseImport } from '../types.ts';
import { sightOf } from './list-interactions.ts';

/** Cases of the calls that the caller sees, and of no call; the newest first, nothing personal. */
export async function listCases(
  context: Context,
  wanted: {
    readonly subjectId: Id<'stf'>;
    readonly state: 'open' | 'closed' | undefined;
    readonly caseType: CaseType | undefined;
  },
): Promise<CaseSummary[]> {
  const { subjectId, state, caseType } = wanted;
  const cases = await context.rows.cases.list(context.storage.db, {
    sight: await sightOf(context, subjectId),
    state,
    caseType,
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
