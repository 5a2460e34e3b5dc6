import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Decision } from '@proofline/protocol';
import { FACTS_TIMEOUT_MS, type DecisionsContext } from '../context.ts';
import { gatherFacts, type GatheredFacts } from '../domain/gather-facts.ts';
import { tierOf } from '../domain/tier-of.ts';
import { findStop } from '../switches/commands/find-stop.ts';
import { FactsSpent, type DecisionInput } from '../types.ts';
import { commitDecisions, draftOf } from './commit-decisions.ts';
import { prepare, type Prepared } from './prepare.ts';

/** Decides a question, records it with its evidence, and waits for that where the tier asks for it. */
export async function decide(context: DecisionsContext, input: DecisionInput): Promise<Decision> {
  const tracer = trace.getTracer('@proofline/decisions');
  return tracer.startActiveSpan('proofline.decision', async (span) => {
    try {
      const gathered = await gatherOf(context, input);
      const decision = await decideOn(context, prepare(context.view(), input, gathered));
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

/** Records what the policies said, and waits for that where the tier asks for it. */
export async function decideOn(context: DecisionsContext, prepared: Prepared): Promise<Decision> {
  const decision = await decideOnce(context, prepared);
  await awaitDurable(context, [decision]);
  return decision;
}

/** The facts of one question, and whether it is asked at all. */
export async function gatherOf(
  context: DecisionsContext,
  input: DecisionInput,
): Promise<GatheredFacts> {
  const timeoutMs = context.factsTimeoutMs ?? FACTS_TIMEOUT_MS;
  const gathered = await gatherFacts(context.providers.values(), input, timeoutMs);
  // Last, because facts take their time and a switch may be thrown meanwhile.
  return { ...gathered, stop: await findStop(context, input) };
}

/** No answer of the medium and the high tier before its evidence is under a signed checkpoint (P3). */
export async function awaitDurable(
  context: DecisionsContext,
  decisions: readonly Decision[],
): Promise<void> {
  const awaited = decisions.filter(({ action }) => tierOf(action) !== 'low');
  await Promise.all(awaited.map(({ evidenceId }) => context.ledger.durable(evidenceId)));
}

/**
 * Records one decision. A permit that uses something up commits by itself; facts that another request
 * used up first are dropped, and the question is decided without them.
 */
export async function decideOnce(context: DecisionsContext, prepared: Prepared): Promise<Decision> {
  // One is given, one comes back.
  if (prepared.used.length === 0) return (await context.commit([prepared]))[0]!;
  // What permitted the question stands first, where that was left to it.
  await context.commit([]);
  try {
    return (
      await commitDecisions(context.commitPorts, [draftOf(context.commitPorts, prepared)])
    )[0]!;
  } catch (error) {
    if (!(error instanceof FactsSpent)) throw error;
    const { input, gathered } = prepared;
    const lasting = [...gathered.known].filter(([, facts]) => !facts.onPermit);
    const again = prepare(context.view(), input, { ...gathered, known: new Map(lasting) });
    return decideOnce(context, again);
  }
}
