import type { Id } from '@proofline/kernel';
import type { PolicySet } from '@proofline/policy';
import type { ReleaseRef } from '@proofline/protocol';
import { denyUnsupported } from '../domain/deny-unsupported.ts';
import { evaluate, type Evaluated } from '../domain/evaluate.ts';
import type { GatheredFacts } from '../domain/gather-facts.ts';
import { questionOf } from '../domain/question-of.ts';
import { usedFacts } from '../domain/used-facts.ts';
import type { ReleaseView } from '../releases/stages/release-view.ts';
import type { DecisionInput, Facts } from '../types.ts';
import type { Asking } from './asking.ts';
import type { Rested } from './still-permitted.ts';

/** A question with its facts and what the policies make of it; nothing is recorded yet. */
export interface Prepared {
  readonly input: DecisionInput;
  readonly gathered: GatheredFacts;
  readonly evaluated: Evaluated;
  readonly release: ReleaseRef;
  /** Single-use facts that the permit would use up. */
  readonly used: readonly Facts[];
  /** The service that asked, where its permit is told of here. */
  readonly asking?: Asking;
  /** Where it was given out before it is recorded. */
  readonly decisionId?: Id<'dec'>;
}

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
