import type { Id } from '@proofline/kernel';
import { ProblemError, type FieldPlan } from '@proofline/protocol';
import type { DecisionsContext } from '../context.ts';
import { findDecisionRow, linksOf, recordedDecision } from '../store/decision-rows.ts';
import { insertResult } from '../store/result-rows.ts';

/** How a decided request came out at an enforcement point. */
export interface ReportedResult {
  readonly decisionId: Id<'dec'>;
  readonly outcome: 'completed' | 'upstream-refused' | 'upstream-failed';
  readonly upstreamStatus: number;
  readonly fields?: FieldPlan | undefined;
  readonly rows?: number | undefined;
}

/**
 * Records what became of a permit, once, and answers when that is durable: an enforcement point
 * answers its caller only then (P3).
 *
 * @throws ProblemError `evidence.unknown`, `decision.not-reportable`, `evidence.unavailable`
 */
export async function reportResult(
  context: DecisionsContext,
  result: ReportedResult,
): Promise<{ readonly evidenceId: Id<'evt'> }> {
  const { decisionId, outcome, upstreamStatus, fields, rows } = result;
  const evidenceId = await context.storage.transaction(async (tx) => {
    const row = await findDecisionRow(tx, context.tenant, decisionId);
    if (!row) throw new ProblemError('evidence.unknown');
    const { decision } = recordedDecision(row);
    if (decision.effect !== 'permit') throw new ProblemError('decision.not-reportable');
    const recorded = await context.ledger.record(tx, {
      kind: 'request.completed',
      causes: [decision.evidenceId],
      ...linksOf(row),
      facts: {
        action: decision.action,
        resourceType: decision.resource.type,
        outcome,
        upstreamStatus,
        ...(fields && { fields: { ...fields } }),
        ...(rows !== undefined && { rows }),
      },
    });
    const at = new Date(context.clock.now());
    if (
      !(await insertResult(tx, context.tenant, { decisionId, evidenceId: recorded, outcome, at }))
    ) {
      throw new ProblemError('decision.not-reportable');
    }
    return recorded;
  });
  await context.ledger.durable(evidenceId);
  return { evidenceId };
}
