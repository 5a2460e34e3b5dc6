import type {
  Decision,
  evaluateAll,
  EvaluationAnswer,
  evaluationsSemantics,
} from '@proofline/protocol';
import type { z } from 'zod';
import { decideAll } from '../commands/decide-all.ts';
import type { DecisionsContext } from '../context.ts';
import { readItem, type ReadItem } from './read-evaluation.ts';
import type { DecisionInput } from '../types.ts';

type Batch = z.output<typeof evaluateAll.body>;
type Semantic = (typeof evaluationsSemantics)[number];

const stopAt: Readonly<Record<Semantic, Decision['effect'] | undefined>> = {
  execute_all: undefined,
  deny_on_first_deny: 'deny',
  permit_on_first_permit: 'permit',
};

/**
 * Several questions (AuthZEN 1.0 §7). One that is wrong is `false` with its error and leaves the
 * others alone; with a short-circuiting semantic the last answer is the one that ended the batch.
 */
export async function evaluateBatch(
  context: DecisionsContext,
  { evaluations = [], options, ...shared }: Batch,
  answer: (decision: Decision, input: DecisionInput) => Promise<EvaluationAnswer>,
): Promise<EvaluationAnswer[]> {
  const stop = stopAt[options?.evaluations_semantic ?? 'execute_all'];
  // What zod read as JSON is JSON; its type is merely spelled differently.
  const all = evaluations.map((item) => readItem(item, shared as Parameters<typeof readItem>[1]));
  const items = stop === 'deny' ? upToFirstError(all) : all;
  const inputs = items.flatMap((item) => ('input' in item ? [item.input] : []));
  const decisions = await decideAll(context, inputs, stop);

  const answers: EvaluationAnswer[] = [];
  let at = 0;
  for (const item of items) {
    if ('error' in item) {
      answers.push({ decision: false, context: { error: item.error } });
      continue;
    }
    const decision = decisions[at];
    // The batch ended before it.
    if (decision === undefined) break;
    at += 1;
    answers.push(await answer(decision, item.input));
    if (decision.effect === stop) break;
  }
  return answers;
}

/** An error counts as a denial (§7.1.2.1): nothing after it is asked. */
function upToFirstError(items: readonly ReadItem[]): readonly ReadItem[] {
  const first = items.findIndex((item) => 'error' in item);
  return first === -1 ? items : items.slice(0, first + 1);
}
