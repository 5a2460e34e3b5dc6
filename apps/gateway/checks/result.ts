import { outcomeDetail, type EnforcementResult } from '@proofline/enforce';
import { ProblemError } from '@proofline/protocol';
import { found, type Exchange, type GatewayCheck } from '../exchange.ts';

const outcomes = {
  answered: 'completed',
  refused: 'upstream-refused',
  failed: 'upstream-failed',
} as const;

function resultOf(exchange: Exchange): EnforcementResult {
  const answer = found(exchange.upstream);
  const { filtered } = exchange;
  return {
    decisionId: found(exchange.decision).decisionId,
    outcome: outcomes[answer.kind],
    upstreamStatus: answer.status,
    ...(filtered ? { fields: filtered.applied, rows: filtered.rows } : {}),
  };
}

/**
 * What became of it is durable evidence before anything is shown (P3), and what the permit rested on
 * still lives (P6): the guarded system may have taken longer than the call. Whoever is refused now is
 * told what became of a change, because it stands although its answer is withheld.
 */
export const result: GatewayCheck = {
  name: 'result',
  async run(exchange, context) {
    const outcome = resultOf(exchange);
    const { decisionId } = outcome;
    const reported = await context.pdp.report(outcome);
    const detail = outcomeDetail(exchange.request.method, outcome.outcome);
    const details = { decisionId, ...(detail === undefined ? {} : { detail }) };
    if (reported === 'unavailable') throw new ProblemError('evidence.unavailable', details);
    if (reported === 'ended') throw new ProblemError('grant.ended', details);
    const { kind } = found(exchange.upstream);
    if (kind === 'refused') throw new ProblemError('upstream.refused', { decisionId });
    if (kind === 'failed') throw new ProblemError('upstream.failed', details);
  },
};
