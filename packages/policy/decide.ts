import type { Reason } from '@proofline/protocol';
import { withDefaults } from './cautious-defaults.ts';
import type { Evaluation } from './engine.ts';
import { policyLayers } from './layers.ts';
import type { Outcome, PolicySet } from './policy-set.ts';
import type { Question } from './question.ts';

/** Reasons that no policy states, because they hold before any policy does. */
export const enforcementReasons = {
  notPermitted: {
    policy: 'enforcement.not-permitted',
    effect: 'forbid',
    text: 'Nothing opens this for you here.',
  },
  invalid: {
    policy: 'enforcement.question-invalid',
    effect: 'forbid',
    text: 'This could not be checked, so it is refused.',
  },
} as const satisfies Record<string, Reason>;

/**
 * Decides a question in enforcement mode, which has no off switch.
 *
 * Cedar skips a forbid whose condition cannot be computed, and so would allow; here it denies. A
 * question that the schema does not allow is refused before any policy is asked, and an absent signal
 * takes the default that the schema declares for it.
 */
export function decide(set: PolicySet, question: Question): Outcome {
  const evaluation = set.compiled.evaluate(withDefaults(set.defaults, question));
  if (evaluation.kind === 'invalid') {
    return {
      effect: 'deny',
      forbidden: true,
      reasons: [enforcementReasons.invalid],
      determining: [],
      erring: [],
      refused: 'question.invalid',
    };
  }
  const erringForbids = evaluation.erring.filter((id) => isForbid(set, id));
  const permitted = evaluation.allowed && erringForbids.length === 0;
  const forbids = evaluation.allowed ? [] : evaluation.determining;
  const determining = permitted ? evaluation.determining : [...forbids, ...erringForbids];
  const forbidden = !permitted && determining.length > 0;
  return {
    effect: permitted ? 'permit' : 'deny',
    forbidden,
    reasons:
      permitted || forbidden ? reasonsOf(set, determining) : [enforcementReasons.notPermitted],
    determining,
    erring: evaluation.erring,
  };
}

/** {@link decide}, for who only needs to know whether: no reasons are told, so it costs less. */
export function permits(set: PolicySet, question: Question): boolean {
  return isPermit(set, set.compiled.evaluate(withDefaults(set.defaults, question)));
}

/** Whether an engine's answer permits, in enforcement mode. */
export function isPermit(set: PolicySet, evaluation: Evaluation): boolean {
  return (
    evaluation.kind === 'evaluated' &&
    evaluation.allowed &&
    !evaluation.erring.some((id) => isForbid(set, id))
  );
}

function isForbid(set: PolicySet, id: string): boolean {
  return set.policies.get(id)?.effect !== 'permit';
}

/** One reason per policy, in the order of the layers; a sentence is not said twice. */
function reasonsOf(set: PolicySet, ids: readonly string[]): Reason[] {
  const policies = ids
    .map((id) => set.policies.get(id))
    .filter((policy) => policy !== undefined)
    .toSorted(
      (a, b) =>
        policyLayers.indexOf(a.layer) - policyLayers.indexOf(b.layer) || (a.id < b.id ? -1 : 1),
    );
  const said = new Set<string>();
  const reasons: Reason[] = [];
  for (const { id, effect, reason } of policies) {
    if (said.has(reason)) continue;
    said.add(reason);
    reasons.push({ policy: id, effect, text: reason });
  }
  return reasons;
}
