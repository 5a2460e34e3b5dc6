import { newId, type Id } from '@proofline/kernel';
import type { Decision } from '@proofline/protocol';
import type { CurrentRelease, DecisionsContext } from '../context.ts';
import { decisionDraft, decisionLinks } from '../domain/decision-draft.ts';
import { denyUnsupported } from '../domain/deny-unsupported.ts';
import { evaluate, type Evaluated } from '../domain/evaluate.ts';
import type { GatheredFacts } from '../domain/gather-facts.ts';
import { questionOf } from '../domain/question-of.ts';
import { usedFacts } from '../domain/used-facts.ts';
import { insertDecisions, type MadeDecision } from '../store/decision-rows.ts';
import type { DecisionInput, Facts } from '../types.ts';

/** A question with its facts and what the policies make of it; nothing is recorded yet. */
export interface Prepared {
  readonly input: DecisionInput;
  readonly gathered: GatheredFacts;
  readonly evaluated: Evaluated;
  readonly release: CurrentRelease['ref'];
  /** Single-use facts that the permit would use up. */
  readonly used: readonly Facts[];
}

/** Asks the policies. */
export function prepare(
  { set, ref }: CurrentRelease,
  input: DecisionInput,
  gathered: GatheredFacts,
): Prepared {
  const question = questionOf(set, input, gathered.known);
  const evaluated = denyUnsupported(
    evaluate(set, question, gathered.stop),
    input.supportedObligations,
  );
  const permitted = evaluated.outcome.effect === 'permit';
  const used = permitted ? usedFacts(set, question, gathered.known) : [];
  return { input, gathered, evaluated, release: ref, used };
}

/**
 * Makes decisions of what was prepared: each with an evidence entry of its own, and all of them, with
 * their entries and the use of their single-use facts, in one transaction (P3).
 *
 * @throws FactsSpent when somebody else used up single-use facts meanwhile; then nothing is recorded
 */
export async function commitDecisions(
  context: DecisionsContext,
  prepared: readonly Prepared[],
): Promise<Decision[]> {
  const decidedAt = new Date(context.clock.now());
  const recorded = await context.storage.transaction(async (tx) => {
    const made: MadeDecision[] = [];
    for (const one of prepared) {
      const { input, evaluated, gathered, release } = one;
      const decisionId = newId('dec', context);
      const links = decisionLinks(decisionId, input, gathered);
      const draft = decisionDraft({ input, evaluated, gathered, links, release });
      const evidenceId = await context.ledger.record(tx, draft);
      const decision = decisionOf(one, { decisionId, evidenceId, decidedAt });
      made.push({ input, decision, question: evaluated.question, links, decidedAt });
    }
    await insertDecisions(tx, context.tenant, made);
    for (const [index, { used }] of prepared.entries()) {
      // As many as were prepared.
      const { decisionId, evidenceId } = made[index]!.decision;
      for (const facts of used) await facts.onPermit?.(tx, { decisionId, evidenceId });
    }
    return made;
  });
  // After the commit: a candidate beside the live policies delays nobody.
  context.releases.shadow.observe(recorded);
  return recorded.map(({ decision }) => decision);
}

function decisionOf(
  { input, evaluated, release }: Prepared,
  at: { readonly decisionId: Id<'dec'>; readonly evidenceId: Id<'evt'>; readonly decidedAt: Date },
): Decision {
  const { outcome, remedies, obligations, defaulted } = evaluated;
  return {
    decisionId: at.decisionId,
    evidenceId: at.evidenceId,
    effect: outcome.effect,
    forbidden: outcome.forbidden,
    action: input.action,
    resource: { type: input.resource.type, id: input.resource.id },
    reasons: [...outcome.reasons],
    remedies: [...remedies],
    obligations,
    release,
    decidedAt: at.decidedAt.toISOString(),
    ...(defaulted.length > 0 && { defaulted: [...defaulted] }),
  };
}
