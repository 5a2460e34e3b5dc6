import { CedarInputError } from '../input-error.ts';
import type { EntityUid } from '../values/value.ts';
import type { Slot } from './expression.ts';
import type { Policy, ScopeConstraint, ScopeTarget } from './policy.ts';

/** What fills the slots of a template. */
export type SlotValues = Readonly<Partial<Record<Slot, EntityUid>>>;

const SLOTS = ['?principal', '?resource'] as const;

/** The slots of a policy's scope; none for a static policy. */
export function slotsOf(policy: Policy): Slot[] {
  return [policy.principal, policy.resource].flatMap(slotOf);
}

function slotOf(constraint: ScopeConstraint): Slot[] {
  if (constraint.kind === 'any') return [];
  const target = constraint.kind === 'is' ? constraint.in : constraint.target;
  return typeof target === 'string' ? [target] : [];
}

/**
 * The policy that a template is for these values; its annotations and conditions stay. Throws a
 * `CedarInputError` where a slot is not filled, or a value has no slot.
 */
export function linkTemplate(template: Policy, values: SlotValues): Policy {
  const slots = slotsOf(template);
  for (const slot of SLOTS) {
    if (slots.includes(slot) === (valueOf(values, slot) !== undefined)) continue;
    const problem = slots.includes(slot)
      ? 'this slot is not filled'
      : 'the template has no such slot';
    throw new CedarInputError('malformed', `${slot}: ${problem}`, [slot]);
  }
  return {
    ...template,
    principal: fill(template.principal, values),
    resource: fill(template.resource, values),
  };
}

function valueOf(values: SlotValues, slot: Slot): EntityUid | undefined {
  return Object.hasOwn(values, slot) ? values[slot] : undefined;
}

function fill(constraint: ScopeConstraint, values: SlotValues): ScopeConstraint {
  if (constraint.kind === 'any') return constraint;
  if (constraint.kind !== 'is') {
    return { kind: constraint.kind, target: fillTarget(constraint.target, values) };
  }
  if (constraint.in === undefined) return constraint;
  return { ...constraint, in: fillTarget(constraint.in, values) };
}

function fillTarget(target: ScopeTarget, values: SlotValues): ScopeTarget {
  return typeof target === 'string' ? (valueOf(values, target) ?? target) : target;
}
