import type { Reason } from '@proofline/protocol';
import type { Evaluated } from './evaluate.ts';

/** The type of obligation that a field plan travels as (AuthZEN Obligations profile, `custom`). */
export const FIELD_PLAN_TYPE = 'custom';

/** The reason of a permit that the enforcement point said it could not carry out. */
export const unsupportedReason: Reason = {
  policy: 'enforcement.obligation-unsupported',
  effect: 'forbid',
  text: 'The system that asked cannot hide what must stay hidden, so it is refused.',
};

/**
 * A permit whose obligations the enforcement point cannot carry out is none: it would have to deny,
 * and the record is to say what happened. Where it does not say what it can, it decides itself
 * (AuthZEN Obligations profile, negotiation).
 */
export function denyUnsupported(
  evaluated: Evaluated,
  supported: readonly string[] | undefined,
): Evaluated {
  const { outcome, obligations } = evaluated;
  const isCarriedOut =
    supported === undefined || !obligations.fields || supported.includes(FIELD_PLAN_TYPE);
  if (outcome.effect !== 'permit' || isCarriedOut) return evaluated;
  return {
    ...evaluated,
    outcome: {
      ...outcome,
      effect: 'deny',
      forbidden: true,
      reasons: [unsupportedReason],
      determining: [],
    },
    remedies: [],
    obligations: {},
  };
}
