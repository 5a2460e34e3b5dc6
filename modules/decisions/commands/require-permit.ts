import { ProblemError, type Decision } from '@proofline/protocol';
import type { DecisionsContext } from '../context.ts';
import type { DecisionInput } from '../types.ts';
import { decide, decideOn } from './decide.ts';
import type { Prepared } from '../domain/prepared.ts';

/** Decides, and throws what the caller is to be told when it is no permit. */
export async function requirePermit(
  context: DecisionsContext,
  input: DecisionInput,
  /** Where the policies were asked already. */
  prepared?: Prepared,
): Promise<Decision> {
  const decision = await (prepared ? decideOn(context, prepared) : decide(context, input));
  if (decision.effect === 'permit') return decision;
  const { decisionId, reasons, remedies } = decision;
  // RFC 9470 knows one remedy; any other, or more than one, is told in the body alone.
  const onlyStepUp = remedies.length === 1 && remedies[0]?.kind === 'agent.step-up';
  throw new ProblemError(onlyStepUp ? 'access.step-up' : 'access.denied', {
    decisionId,
    reasons,
    remedies,
  });
}
