import { permitHoldsForSeconds } from '@proofline/policy';
import { explain, type Action, type Capability } from '@proofline/protocol';
import { FACTS_TIMEOUT_MS, type DecisionsContext } from '../context.ts';
import { evaluate } from '../domain/evaluate.ts';
import { gatherFacts } from '../domain/gather-facts.ts';
import { questionOf } from '../domain/question-of.ts';
import { supposeFacts, supposeInput } from '../domain/suppose-act.ts';
import { findStop } from '../switches/commands/find-stop.ts';
import type { DecisionInput } from '../types.ts';

/** What would be decided, for controls on a screen. Leaves no trace and uses nothing up. */
export async function preview(
  context: DecisionsContext,
  input: Omit<DecisionInput, 'action'>,
  actions: readonly Action[],
): Promise<Capability[]> {
  const view = context.view();
  const gather = (action: Action) =>
    gatherFacts(
      context.providers.values(),
      { ...input, action },
      context.factsTimeoutMs ?? FACTS_TIMEOUT_MS,
    );
  const first = actions[0];
  if (!first) return [];
  // Only a grant or an approved content knows one action from another.
  const each = input.grantId !== undefined || input.request?.contentDigest !== undefined;
  const common = each ? undefined : await gather(first);

  const capabilities: Capability[] = [];
  for (const action of actions) {
    const { known } = common ?? (await gather(action));
    const { set } = view.of(input, known);
    const supposed = supposeInput({ ...input, action });
    const question = questionOf(set, supposed, supposeFacts(supposed, known));
    const stop = await findStop(context, { ...input, action });
    const { outcome, remedies } = evaluate(set, question, stop);
    const allowed = outcome.effect === 'permit';
    const reason = allowed ? undefined : explain({ ...outcome, remedies }).because.join(' ');
    const holdsForSeconds = allowed ? permitHoldsForSeconds(set, question) : undefined;
    capabilities.push({
      action,
      allowed,
      ...(reason && { reason }),
      remedies: [...remedies],
      ...(holdsForSeconds !== undefined && { holdsForSeconds }),
    });
  }
  return capabilities;
}
