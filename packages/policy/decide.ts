import type { Reason } from '@proofline/protocol';
import { withDefaults } from './cautious-defaults.ts';
import { isBroken, linksOf, type Link } from './chain.ts';
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
  programNotPermitted: {
    policy: 'enforcement.program-not-permitted',
    effect: 'forbid',
    text: 'Nothing opens this for it here.',
  },
  chainBroken: {
    policy: 'enforcement.chain-broken',
    effect: 'forbid',
    text: 'It is not certain who acts here, so it is refused.',
  },
} as const satisfies Record<string, Reason>;

/**
 * Decides a question in enforcement mode, which has no off switch.
 *
 * Cedar skips a forbid whose condition cannot be computed, and so would allow; here it denies. A
 * question that the schema does not allow is refused before any policy is asked, and an absent signal
 * takes the default that the schema declares for it. Where programs act for the subject, it is asked
 * about each of them too, and one of them who is not permitted it makes it a deny.
 */
export function decide(set: PolicySet, question: Question): Outcome {
  const [, ...acting] = linksOf(question);
  const own = decideAlone(set, question);
  const outcome = acting.length === 0 ? own : decideTogether(set, own, acting);
  return outcome.effect === 'permit' && isBroken(question) ? ofBrokenChain(outcome) : outcome;
}

/** Policies refuse it too, with a better reason; one that is lost must not open it. */
function ofBrokenChain(outcome: Outcome): Outcome {
  const reasons = [enforcementReasons.chainBroken];
  return { ...outcome, effect: 'deny', forbidden: true, reasons, determining: [] };
}

/** A program that acts, and what the policies say of it. */
interface Acting {
  readonly program: string;
  readonly outcome: Outcome;
}

/** A person who may not is told so, and by which program besides; where all may, what it rests on. */
function decideTogether(set: PolicySet, own: Outcome, acting: readonly Link[]): Outcome {
  const programs: Acting[] = acting.map(({ program = '', question }) => ({
    program,
    outcome: decideAlone(set, question),
  }));
  const denied = programs.filter(({ outcome }) => outcome.effect === 'deny');
  const permitted = own.effect === 'permit' && denied.length === 0;
  const isSaid = permitted || own.effect === 'deny';
  const parts = permitted ? programs : denied;
  const outcomes = [...(isSaid ? [own] : []), ...parts.map(({ outcome }) => outcome)];
  return {
    ...own,
    effect: permitted ? 'permit' : 'deny',
    forbidden: outcomes.some(({ forbidden }) => forbidden),
    reasons: reasonsTogether(isSaid ? own.reasons : [], parts),
    determining: [...new Set(outcomes.flatMap(({ determining }) => determining))],
    erring: [...new Set([own, ...programs.map((one) => one.outcome)].flatMap((one) => one.erring))],
  };
}

/** What a policy says of everybody is said once; of a program, it is said of which. */
function reasonsTogether(own: readonly Reason[], parts: readonly Acting[]): Reason[] {
  const said = [...own];
  for (const { program, outcome } of parts) {
    const reasons =
      outcome.effect === 'deny' && outcome.determining.length === 0
        ? [enforcementReasons.programNotPermitted]
        : outcome.reasons;
    for (const { policy, effect, text } of reasons) {
      if (own.some((one) => one.policy === policy)) continue;
      said.push({ policy, effect, text: `“${program}” acts for you. ${text}` });
    }
  }
  return said;
}

/** About the principal of the question alone, whoever acts for it. */
export function decideAlone(set: PolicySet, question: Question): Outcome {
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
  return !isBroken(question) && linksOf(question).every((link) => permitsAlone(set, link.question));
}

/** {@link permits} about the principal of the question alone, whoever acts for it. */
export function permitsAlone(set: PolicySet, question: Question): boolean {
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
