import type { ActionConstraint, Policy, ScopeConstraint, ScopeTarget } from '../policy/policy.ts';
import { EntityUid } from '../values/value.ts';

/** What a scope names once the slots of a template are filled. */
export function targetUid(target: ScopeTarget): EntityUid {
  if (target instanceof EntityUid) return target;
  throw new TypeError(`a template is no policy: link its slot ${target} first`);
}

/** The entity that a scope names: to be it, or to be it or `below` it. */
export interface NamedEntity {
  readonly uid: EntityUid;
  readonly below: boolean;
}

/** The entity that a scope names, if it names one. */
export function namedEntity(scope: ScopeConstraint): NamedEntity | undefined {
  if (scope.kind === 'any') return undefined;
  if (scope.kind === 'equals') return { uid: targetUid(scope.target), below: false };
  const target = scope.kind === 'in' ? scope.target : scope.in;
  return target === undefined ? undefined : { uid: targetUid(target), below: true };
}

/** What of a request decides which policies it can meet at all. */
export interface ScopeTypes {
  readonly principal: { readonly type: string };
  readonly action: EntityUid;
  readonly resource: { readonly type: string };
  /** Whether the action is in this group. */
  isActionIn(group: EntityUid): boolean;
}

/** Whether a request with this action between such entities can meet a policy. */
export function scopeFits(policy: Policy, about: ScopeTypes): boolean {
  return (
    actionFits(policy.action, about) &&
    typeFits(policy.principal, about.principal.type) &&
    typeFits(policy.resource, about.resource.type)
  );
}

function typeFits(scope: ScopeConstraint, type: string): boolean {
  if (scope.kind === 'is') return scope.entityType === type;
  return scope.kind !== 'equals' || targetUid(scope.target).type === type;
}

function actionFits(scope: ActionConstraint, about: ScopeTypes): boolean {
  if (scope.kind === 'any') return true;
  if (scope.kind === 'equals') return sameUid(scope.target, about.action);
  return scope.targets.some((target) => sameUid(target, about.action) || about.isActionIn(target));
}

function sameUid(left: EntityUid, right: EntityUid): boolean {
  return left.id === right.id && left.type === right.type;
}
