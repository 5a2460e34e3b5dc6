import { newId, type Id } from '@proofline/kernel';
import type { CaseType } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { nowOf, type Context } from '../context.ts';
import type { InteractionRow } from '../store/interaction-rows.ts';

/** The case that a request on a call is for: the one of its purpose, opened when it is the first. */
export async function openCase(
  context: Context,
  tx: Db,
  wanted: { readonly call: InteractionRow; readonly purpose: CaseType },
): Promise<{ readonly caseId: Id<'cse'>; readonly evidenceId: Id<'evt'> | undefined }> {
  const { interactionId, agentId, evidenceId: callEvidenceId } = wanted.call;
  const cases = await context.rows.cases.listOfCall(tx, interactionId);
  const known = cases.find((one) => one.caseType === wanted.purpose && one.state === 'open');
  if (known) return known;
  const caseId = newId('cse', context);
  const evidenceId = await context.ledger.record(tx, {
    kind: 'case.opened',
    causes: [callEvidenceId],
    refs: { caseId, interactionId },
    subjects: { agent: agentId },
    facts: { caseType: wanted.purpose },
  });
  await context.rows.cases.insert(tx, {
    case_id: caseId,
    case_type: wanted.purpose,
    state: 'open',
    interaction_id: interactionId,
    customer_id: null,
    opened_at: nowOf(context),
    closed_at: null,
    evidence_id: evidenceId,
  });
  return { caseId, evidenceId };
}
