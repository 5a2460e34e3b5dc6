import { SpanStatusCode, trace } from '@opentelemetry/api';
import { newId } from '@proofline/kernel';
import { actions, type Decision } from '@proofline/protocol';
import type { DecisionsContext } from '../context.ts';
import { decisionDraft, decisionLinks } from '../domain/decision-draft.ts';
import { evaluate } from '../domain/evaluate.ts';
import { gatherFacts, type GatheredFacts } from '../domain/gather-facts.ts';
import { questionOf } from '../domain/question-of.ts';
import { usedFacts } from '../domain/used-facts.ts';
import { insertDecision } from '../store/decision-rows.ts';
import { FactsSpent, type DecisionInput } from '../types.ts';

export const FACTS_TIMEOUT_MS = 500;

/** Decides a question, records it with its evidence, and waits for that where the tier asks for it. */
export async function decide(context: DecisionsContext, input: DecisionInput): Promise<Decision> {
  const tracer = trace.getTracer('@proofline/decisions');
  return tracer.startActiveSpan('proofline.decision', async (span) => {
    try {
      const gathered = await gatherFacts(
        context.providers.values(),
        input,
        context.factsTimeoutMs ?? FACTS_TIMEOUT_MS,
      );
      const decision = await decideOnce(context, input, gathered);
      if (actions[input.action].tier !== 'low') await context.ledger.durable(decision.evidenceId);
      // Nothing about a person: no subject, no resource id.
      span.setAttributes({
        'proofline.decision.id': decision.decisionId,
        'proofline.decision.effect': decision.effect,
        'proofline.action': input.action,
        'proofline.resource.type': input.resource.type,
        'proofline.release.digest': decision.release.digest,
        'proofline.facts.unknown': [...gathered.unknown],
      });
      return decision;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Facts that another request used up first are dropped: the question is decided without them. */
async function decideOnce(
  context: DecisionsContext,
  input: DecisionInput,
  gathered: GatheredFacts,
): Promise<Decision> {
  try {
    return await commitDecision(context, input, gathered);
  } catch (error) {
    if (!(error instanceof FactsSpent)) throw error;
    const lasting = [...gathered.known].filter(([, facts]) => !facts.onPermit);
    return commitDecision(context, input, { ...gathered, known: new Map(lasting) });
  }
}

async function commitDecision(
  context: DecisionsContext,
  input: DecisionInput,
  gathered: GatheredFacts,
): Promise<Decision> {
  const { set, ref: release } = context.release();
  const evaluated = evaluate(set, questionOf(input, gathered.known));
  const { outcome, question } = evaluated;
  const used = outcome.effect === 'permit' ? usedFacts(set, question, gathered.known) : [];

  const decisionId = newId('dec', context);
  const decidedAt = new Date(context.clock.now());
  const links = decisionLinks(decisionId, input, gathered);
  const draft = decisionDraft({ input, evaluated, gathered, links, release });

  const made = await context.storage.transaction(async (tx) => {
    const evidenceId = await context.ledger.record(tx, draft);
    const decision: Decision = {
      decisionId,
      evidenceId,
      effect: outcome.effect,
      forbidden: outcome.forbidden,
      action: input.action,
      resource: { type: input.resource.type, id: input.resource.id },
      reasons: [...outcome.reasons],
      remedies: [...evaluated.remedies],
      obligations: evaluated.obligations,
      release,
      decidedAt: decidedAt.toISOString(),
    };
    await insertDecision(tx, context.tenant, { input, decision, question, links, decidedAt });
    for (const facts of used) await facts.onPermit?.(tx, { decisionId, evidenceId });
    return decision;
  });
  // After the commit: a candidate beside the live policies delays nobody.
  context.releases.shadow.observe([{ decision: made, question }]);
  return made;
}
