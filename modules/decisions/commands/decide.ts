import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Decision } from '@proofline/protocol';
import { FACTS_TIMEOUT_MS, type DecisionsContext } from '../context.ts';
import { gatherFacts, type GatheredFacts } from '../domain/gather-facts.ts';
import { mapInOrder } from '../domain/map-in-order.ts';
import { programsOf } from '../domain/programs-of.ts';
import { tierOf } from '../domain/tier-of.ts';
import { findStop } from '../switches/commands/find-stop.ts';
import { FactsSpent, type DecisionInput } from '../types.ts';
import { commitDecisions, draftOf } from './commit-decisions.ts';
import { prepare, restedOf } from './prepare.ts';
import type { Prepared } from '../domain/prepared.ts';
import { isAnswerable, requireAnswerable } from './still-permitted.ts';

/** How many questions ask for facts at the same time: each provider has its own time limit. */
export const GATHERING_MAX = 8;

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
  // One is given, one comes back.
  return (
    await answerAll(context, [{ prepared, decision: await decideOnce(context, prepared) }])
  )[0]!;
}

/** A decision that is recorded, and what it was made of. */
export interface Decided {
  readonly prepared: Prepared;
  readonly decision: Decision;
}

/**
 * Waits for the evidence where the tiers ask for that. A permit that was held up on the way, and whose
 * session, grant or call ended meanwhile, is decided again: what is answered is that decision (P6).
 */
export async function answerAll(
  context: DecisionsContext,
  decided: readonly Decided[],
): Promise<Decision[]> {
  await awaitDurable(
    context,
    decided.map(({ decision }) => decision),
  );
  return mapInOrder(decided, GATHERING_MAX, async ({ prepared, decision }) =>
    (await isAnswerable(context, decision, restedOf(prepared)))
      ? decision
      : decideAgain(context, prepared.input),
  );
}

/** @throws ProblemError `server.busy` where that was held up, too */
async function decideAgain(context: DecisionsContext, input: DecisionInput): Promise<Decision> {
  // It counted the first time.
  const { counts: _counted, ...anew } = context;
  const prepared = prepare(context.view(), input, await gatherOf(anew, input));
  const decision = await decideOnce(context, prepared);
  await awaitDurable(context, [decision]);
  await requireAnswerable(context, decision, restedOf(prepared));
  return decision;
}

/** The facts of one question, and whether it is asked at all. */
export async function gatherOf(
  context: DecisionsContext,
  input: DecisionInput,
): Promise<GatheredFacts> {
  const timeoutMs = context.factsTimeoutMs ?? FACTS_TIMEOUT_MS;
  const atMs = context.clock.now();
  const asked: DecisionInput = context.counts ? { ...input, counts: true } : input;
  const gathered = await gatherFacts(context.providers.values(), asked, timeoutMs);
  // Last, because facts take their time and a switch may be thrown meanwhile.
  const programs = programsOf({ chain: gathered.known.get('chain')?.values });
  return { ...gathered, atMs, stop: await findStop(context, { ...input, programs }) };
}

/** No answer of the medium and high tier, nor under break-glass, before its evidence is under a checkpoint (P3). */
async function awaitDurable(
  context: DecisionsContext,
  decisions: readonly Decision[],
): Promise<void> {
  const awaited = decisions.filter(
    ({ action, resource }) => tierOf(action) !== 'low' || resource.type === 'EmergencyRecord',
  );
  await Promise.all(awaited.map(({ evidenceId }) => context.ledger.durable(evidenceId)));
}

/**
 * Records one decision. A permit that uses something up commits by itself; facts that another request
 * used up first are dropped, and the question is decided without them.
 */
export async function decideOnce(context: DecisionsContext, prepared: Prepared): Promise<Decision> {
  // One is given, one comes back.
  if (prepared.used.length === 0) return (await context.commit([prepared]))[0]!;
  const { asking, commitPorts } = context;
  try {
    const asked = asking ? { ...prepared, asking: asking.asking() } : prepared;
    const [decision] = await commitDecisions(commitPorts, [draftOf(commitPorts, asked)]);
    asking?.recorded();
    return decision!;
  } catch (error) {
    if (!(error instanceof FactsSpent)) throw error;
    const { input, gathered } = prepared;
    const lasting = [...gathered.known].filter(([, facts]) => !facts.onPermit);
    const again = prepare(context.view(), input, { ...gathered, known: new Map(lasting) });
    return decideOnce(context, again);
  }
}
