import { explainFields, fieldPlan } from '@proofline/policy';
import { dataCategories, type FieldInWords } from '@proofline/protocol';
import { FACTS_TIMEOUT_MS, type DecisionsContext } from '../context.ts';
import { gatherFacts } from '../domain/gather-facts.ts';
import { questionOf } from '../domain/question-of.ts';
import { supposeFacts, supposeInput } from '../domain/suppose-act.ts';
import type { DecisionInput } from '../types.ts';

/**
 * What of a record would not be shown, or in part only, and why: the sentences of the audit view, for
 * whom the record is open to. Rests on the policies and the call; nothing of the record is looked at
 * (P9). Leaves no trace and uses nothing up.
 */
export async function previewFields(
  context: DecisionsContext,
  input: DecisionInput,
): Promise<FieldInWords[]> {
  const view = context.view();
  const { known } = await gatherFacts(
    context.providers.values(),
    input,
    context.factsTimeoutMs ?? FACTS_TIMEOUT_MS,
  );
  const { set } = view.of(input, known);
  const supposed = supposeInput(input);
  const question = questionOf(set, supposed, supposeFacts(supposed, known));
  return explainFields(set, question, fieldPlan(set, question, dataCategories));
}
