import { EntityUid, scopeFits, type Policy } from '@proofline/cedar';
import type { CautiousDefaults } from '@proofline/policy';
import { NotEncodable } from '../not-encodable.ts';
import { and, FALSE, implies, not, or, same, TRUE, type Term } from '../smt/term.ts';
import { encodeCondition, type EncodedCondition } from './encode-expression.ts';
import { asDecided } from './fill-defaults.ts';
import type { SymbolicEntity } from './symbolic-value.ts';
import { actionOf, idOf, isIn, type World } from './world.ts';

type ScopeConstraint = Policy['principal'];

/** Policies, and what a signal counts as that nobody reports: all that a decision rests on. */
export interface DecidingSet {
  readonly policies: ReadonlyMap<string, Policy>;
  readonly defaults: CautiousDefaults;
}

/**
 * Whether a set of policies permits, in enforcement mode: a permit holds, and no forbid holds or
 * errs. A permit that errs is skipped.
 */
export function encodeDecision({ policies, defaults }: DecidingSet, reported: World): Term {
  const world = asDecided(reported, defaults);
  const permits: Term[] = [];
  const forbids: Term[] = [];
  for (const policy of policiesFor(policies, world)) {
    const scope = encodeScope(policy, world);
    if (scope === FALSE) continue;
    const { isOk, holds } = encodeConditions(policy, world);
    if (policy.effect === 'permit') permits.push(and(scope, isOk, holds));
    else forbids.push(and(scope, or(not(isOk), holds)));
  }
  return world.script.define(and(or(...permits), not(or(...forbids))), 'Bool');
}

const narrowed = new WeakMap<DecidingSet['policies'], Map<string, readonly Policy[]>>();

/** Those whose scope can fit, by the very rule that the engine looks them up with; found once. */
function policiesFor(policies: DecidingSet['policies'], world: World): readonly Policy[] {
  const byKind = narrowed.get(policies) ?? new Map<string, readonly Policy[]>();
  narrowed.set(policies, byKind);
  const { principal, resource } = world;
  const action = actionOf(world);
  if (action === undefined) return [...policies.values()];
  const kind = JSON.stringify([principal.entityType, action.uid.id, resource.entityType]);
  const known = byKind.get(kind);
  if (known !== undefined) return known;
  const about = {
    principal: { type: principal.entityType },
    action: action.uid,
    resource: { type: resource.entityType },
    isActionIn: ({ type, id }: EntityUid) =>
      action.ancestors.some((group) => group.type === type && group.id === id),
  };
  const found = Array.from(policies.values()).filter((policy) => scopeFits(policy, about));
  byKind.set(kind, found);
  return found;
}

/** The clauses of a policy, in order: what stands behind one that fails is not computed. */
export function encodeConditions({ conditions }: Policy, world: World): EncodedCondition {
  let isOk = TRUE;
  let holds = TRUE;
  for (const { kind, body } of conditions) {
    if (holds === FALSE) break;
    const clause = encodeCondition(body, world);
    isOk = and(isOk, implies(holds, clause.isOk));
    holds = and(holds, kind === 'when' ? clause.holds : not(clause.holds));
  }
  return { isOk, holds };
}

/** Whether a policy’s scope fits. */
export function encodeScope({ principal, action, resource }: Policy, world: World): Term {
  return and(
    encodeAction(action, world),
    encodePart(principal, world.principal, world),
    encodePart(resource, world.resource, world),
  );
}

function encodeAction(action: Policy['action'], world: World): Term {
  if (action.kind === 'any') return TRUE;
  if (action.kind === 'equals') return isEntity(world.action, action.target);
  return or(...action.targets.map((target) => isIn(world, world.action, entityOf(target))));
}

function encodePart(scope: ScopeConstraint, part: SymbolicEntity, world: World): Term {
  switch (scope.kind) {
    case 'any':
      return TRUE;
    case 'equals':
      return isEntity(part, uidOf(scope.target));
    case 'in':
      return isIn(world, part, entityOf(uidOf(scope.target)));
    case 'is':
      if (part.entityType !== scope.entityType) return FALSE;
      return scope.in === undefined ? TRUE : isIn(world, part, entityOf(uidOf(scope.in)));
  }
}

function uidOf(target: EntityUid | string): EntityUid {
  if (target instanceof EntityUid) return target;
  throw new NotEncodable('a template whose slots are not filled');
}

function isEntity(one: SymbolicEntity, uid: EntityUid): Term {
  return one.entityType === uid.type ? same(one.term, idOf(uid)) : FALSE;
}

function entityOf(uid: EntityUid): SymbolicEntity {
  return { kind: 'entity', entityType: uid.type, term: idOf(uid) };
}
