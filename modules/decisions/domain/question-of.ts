import type { JsonObject } from '@proofline/kernel';
import type { Question } from '@proofline/policy';
import type { DecisionInput, Facts } from '../types.ts';

/** The question that the policies are asked: what the caller says, and what the providers know. */
export function questionOf(input: DecisionInput, known: ReadonlyMap<string, Facts>): Question {
  const { amountCents, reasonCode } = input.request ?? {};
  const context: Record<string, JsonObject> = {
    request: {
      ...(amountCents === undefined ? {} : { amountCents }),
      ...(reasonCode === undefined ? {} : { reasonCode }),
    },
  };
  for (const [name, { values }] of known) context[name] = values;
  return {
    principal: { type: input.subject.type, id: input.subject.id },
    action: input.action,
    resource: { type: input.resource.type, id: input.resource.id },
    context,
  };
}
