import type { PolicySet } from '@proofline/policy';
import type { ReleaseRef } from '@proofline/protocol';
import { denyUnsupported } from '../domain/deny-unsupported.ts';
import { evaluate } from '../domain/evaluate.ts';
import type { GatheredFacts } from '../domain/gather-facts.ts';
import type { Prepared, Rested } from '../domain/prepared.ts';
import { questionOf } from '../domain/question-of.ts';
import { usedFacts } from '../domain/used-facts.ts';
import type { ReleaseView } from '../releases/stages/release-view.ts';
import type { DecisionInput } from '../types.ts';

/** Asks the policies: of the one release that decides about whoever asks. */
export function prepare(
  view: ReleaseView<{ readonly set: PolicySet; readonly ref: ReleaseRef }>,
  input: DecisionInput,
  gathered: GatheredFacts,
): Prepared {
  const { set, ref } = view.of(input, gathered.known);
  const question = questionOf(set, input, gathered.known);
  const evaluated = denyUnsupported(
    evaluate(set, question, gathered.stop),
    input.supportedObligations,
  );
  const permitted = evaluated.outcome.effect === 'permit';
  const used = permitted ? usedFacts(set, question, gathered.known) : [];
  return { input, gathered, evaluated, release: ref, used };
}

/** What the answer to it rests on. */
export function restedOf({ input, gathered, evaluated }: Prepared): Rested {
  return { input, facts: evaluated.question.context, atMs: gathered.atMs };
}
