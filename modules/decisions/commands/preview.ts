import { enforcementReasons, permitHoldsForSeconds, type PolicySet } from '@proofline/policy';
import { explain, type Action, type Capability } from '@proofline/protocol';
import { FACTS_TIMEOUT_MS, type DecisionsContext } from '../context.ts';
import { evaluate, type Evaluated } from '../domain/evaluate.ts';
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
  // Only a grant, an approved content or a program’s scopes know one action from another.
  const each =
    input.grantId !== undefined ||
    input.request?.contentDigest !== undefined ||
    input.subject.type === 'Service';
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
    const reason = allowed ? undefined : whyNot(set, { outcome, remedies });
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

/**
 * Why a control is refused. Where nothing that this person can do opens it, a tier's sentence that tells
 * them to prove themselves would send them on an errand for nothing.
 */
function whyNot(
  set: PolicySet,
  { outcome, remedies }: Pick<Evaluated, 'outcome' | 'remedies'>,
): string {
  const told =
    remedies.length > 0
      ? outcome.reasons
      : outcome.reasons.filter(({ policy }) => set.policies.get(policy)?.layer !== 'tiers');
  const reasons = told.length > 0 ? told : [enforcementReasons.notPermitted];
  return explain({ ...outcome, reasons, remedies }).because.join(' ');
}
