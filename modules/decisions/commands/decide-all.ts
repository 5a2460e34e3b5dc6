import { canonicalJson } from '@proofline/kernel';
import type { Decision } from '@proofline/protocol';
import type { DecisionsContext } from '../context.ts';
import type { CurrentRelease } from '../releases/domain/current-release.ts';
import type { GatheredFacts } from '../domain/gather-facts.ts';
import { mapInOrder } from '../domain/map-in-order.ts';
import { programsOf } from '../domain/programs-of.ts';
import type { ReleaseView } from '../releases/stages/release-view.ts';
import { findStop } from '../switches/commands/find-stop.ts';
import type { DecisionInput } from '../types.ts';
import { answerAll, decideOnce, gatherOf, GATHERING_MAX, type Decided } from './decide.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from '../domain/prepared.ts';

/**
 * Decides questions in their order, under what is in force at its beginning. With `stopAt`, the first decision of that
 * effect is the last one; what would follow is not decided.
 *
 * Each decision is recorded with an entry of its own, and those that were decided together commit
 * together. A permit that uses something up commits by itself, so that one that comes too late takes
 * nothing else with it.
 */
export async function decideAll(
  context: DecisionsContext,
  inputs: readonly DecisionInput[],
  stopAt?: Decision['effect'],
): Promise<Decision[]> {
  const current = context.view();
  const gather = gatherEachOnce(context);
  const decided: Decided[] = [];
  while (decided.length < inputs.length) {
    const rest = inputs.slice(decided.length);
    const run = stopAt
      ? await prepareUntil({ current, gather, inputs: rest }, stopAt)
      : await mapInOrder(rest, GATHERING_MAX, async (input) =>
          prepare(current, input, await gather(input)),
        );
    decided.push(...(await commitRun(context, run)));
    // As it was recorded: a permit that came too late for its approval is a deny.
    if (stopAt && decided.at(-1)?.decision.effect === stopAt) break;
  }
  const decisions = await answerAll(context, decided);
  // As it is answered: a permit that was held up may have become a deny, too.
  const last = decisions.findIndex(({ effect }) => effect === stopAt);
  return last === -1 ? decisions : decisions.slice(0, last + 1);
}

/** Facts do not differ by the action but for a grant, a content digest and a program (`FactsProvider`). */
export function gatherEachOnce(
  context: DecisionsContext,
): (input: DecisionInput) => Promise<GatheredFacts> {
  const gathering = new Map<string, Promise<GatheredFacts>>();
  return async (input) => {
    const key = keyOf(input);
    const asked = gathering.get(key) ?? gatherOf(context, input);
    gathering.set(key, asked);
    // A switch is about one action, whatever else the facts are shared with.
    const gathered = await asked;
    const programs = programsOf({ chain: gathered.known.get('chain')?.values });
    return { ...gathered, stop: await findStop(context, { ...input, programs }) };
  };
}

function keyOf({ action, subject, resource, request, ...ids }: DecisionInput): string {
  const digest = request?.contentDigest;
  const { acting, grantId } = ids;
  const byAction = (grantId ?? digest ?? acting) !== undefined || subject.type === 'Service';
  return canonicalJson([
    [subject.type, subject.id, resource.type, resource.id],
    [ids.sessionId ?? null, ids.grantId ?? null, ids.interactionId ?? null],
    [digest ?? null, request?.approvalId ?? null, acting ? [...acting] : null],
    byAction ? action : null,
  ]);
}

interface Asking {
  readonly current: ReleaseView<CurrentRelease>;
  readonly gather: (input: DecisionInput) => Promise<GatheredFacts>;
  readonly inputs: readonly DecisionInput[];
}

async function prepareUntil(
  { current, gather, inputs }: Asking,
  stopAt: Decision['effect'],
): Promise<Prepared[]> {
  const run: Prepared[] = [];
  for (const input of inputs) {
    const prepared = prepare(current, input, await gather(input));
    run.push(prepared);
    if (prepared.evaluated.outcome.effect === stopAt) break;
  }
  return run;
}

async function commitRun(context: DecisionsContext, run: readonly Prepared[]): Promise<Decided[]> {
  const together = run.filter(({ used }) => used.length === 0);
  const committed = await context.commit(together);
  const byPrepared = new Map(together.map((one, index) => [one, committed[index]!]));
  const decided: Decided[] = [];
  for (const prepared of run) {
    const decision = byPrepared.get(prepared) ?? (await decideOnce(context, prepared));
    decided.push({ prepared, decision });
  }
  return decided;
}
