import { canonicalJson, type JsonObject } from '@proofline/kernel';
import type { Obligations } from '@proofline/protocol';
import { z } from 'zod';

/**
 * Types of obligations that this package carries out, as it tells the PDP (AuthZEN Obligations
 * profile, negotiation): of `custom` the field plan, and `step-up` by a challenge on a refusal.
 */
export const supportedObligations = ['custom', 'step-up'] as const;

/** Obligations as they travel. What says nothing of its fulfilment is mandatory, as the profile has it. */
export const wireObligations = z
  .array(
    z.object({
      type: z.string(),
      fulfillment: z.string().default('required'),
      properties: z.record(z.string(), z.json()).default({}),
    }),
  )
  .max(64);

type WireObligation = z.output<typeof wireObligations>[number];

/** Who cannot do these leaves them, and the decision stands. Any other word is read as required. */
const optional: ReadonlySet<string> = new Set(['best_effort', 'advisory']);

/**
 * Whether a permit can be carried out whole: each obligation that must be is one that this package
 * knows, and says what the decision beside it says. Anything else makes the permit a deny.
 */
export function canCarryOut(asked: readonly WireObligation[], obligations: Obligations): boolean {
  return asked.every((one) => optional.has(one.fulfillment) || isFieldPlan(one, obligations));
}

function isFieldPlan({ type, properties }: WireObligation, { fields }: Obligations): boolean {
  if (type !== 'custom' || !fields) return false;
  // What zod read as JSON is JSON; its type is merely spelled differently.
  const said = properties as JsonObject;
  return (
    canonicalJson(said) === canonicalJson({ vendor: 'proofline', kind: 'field-plan', ...fields })
  );
}
