import type { JsonObject } from '@proofline/kernel';
import type { PolicySet, Question } from '@proofline/policy';
import type { DecisionInput, Facts } from '../types.ts';
import { isContractAction } from './tier-of.ts';

/** The question that the policies are asked: what the caller says, and what the providers know. */
export function questionOf(
  set: PolicySet,
  input: DecisionInput,
  known: ReadonlyMap<string, Facts>,
): Question {
  const { amountCents, reasonCode } = input.request ?? {};
  const context: Record<string, JsonObject> = {
    request: {
      ...(amountCents === undefined ? {} : { amountCents }),
      ...(reasonCode === undefined ? {} : { reasonCode }),
    },
  };
  for (const [name, { values }] of known) context[name] = values;
  const { chain } = context;
  return {
    principal: { type: input.subject.type, id: input.subject.id },
    action: input.action,
    resource: { type: input.resource.type, id: input.resource.id },
    // A schema that knows of no chain refuses whoever acts in one: left out, nobody would be asked about them.
    context: { ...contextFor(set, input, context), ...(chain && { chain }) },
  };
}

function contextFor(set: PolicySet, input: DecisionInput, context: JsonObject): JsonObject {
  if (!isContractAction(input.action)) return withTold(set, input, context);
  // What a release from before an upgrade does not declare of programs, its policies cannot ask about:
  // enforcement points go on under it.
  return input.subject.type === 'Service' ? set.shapes.restrict(input.action, context) : context;
}

/**
 * An action of somebody else's: its own schema says which of the facts it wants, and the enforcement
 * point may tell some of them itself (AuthZEN 1.0 §5.1.1).
 */
function withTold(
  { shapes }: PolicySet,
  { action, told }: DecisionInput,
  context: JsonObject,
): JsonObject {
  // What a module here knows stands against whatever is told.
  return shapes.restrict(action, { ...told, ...context });
}
