import { RowFilterError, type RowFilter } from '@proofline/cedar';
import { rowFilter } from '@proofline/policy';
import { ProblemError } from '@proofline/protocol';
import { FACTS_TIMEOUT_MS, type DecisionsContext } from '../context.ts';
import { gatherFacts } from '../domain/gather-facts.ts';
import { questionOf } from '../domain/question-of.ts';
import { findStop } from '../switches/commands/find-stop.ts';
import type { DecisionInput, RowsInput } from '../types.ts';

/** The rows that the policies permit. A switch that stops the action is told, as at the door. */
export async function rowsPermitted(
  context: DecisionsContext,
  { known: names, columns, resourceType, ...input }: RowsInput,
): Promise<RowFilter> {
  const asked: DecisionInput = { ...input, resource: { type: resourceType, id: '*' } };
  const stop = await findStop(context, asked);
  if (stop !== undefined) {
    throw new ProblemError('access.denied', { reasons: [stop.reason], remedies: [] });
  }
  const { known } = await gatherFacts(
    [...context.providers.values()].filter(({ name }) => names.includes(name)),
    asked,
    context.factsTimeoutMs ?? FACTS_TIMEOUT_MS,
  );
  const { set } = context.view().of(asked, known);
  const { principal, action, context: facts } = questionOf(set, asked, known);
  try {
    return rowFilter(set, { principal, action, context: facts, resourceType, columns });
  } catch (error) {
    if (!(error instanceof RowFilterError)) throw error;
    throw new ProblemError('access.denied', { internal: `${error.code}: ${error.message}` });
  }
}
