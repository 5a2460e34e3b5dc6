import type { Entity } from '../entities/entity-store.ts';
import type { ActionConstraint, ScopeConstraint, ScopeTarget } from '../policy/policy.ts';
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

/** Whether an entity of this type may fit a scope at all. */
export function typeFits(scope: ScopeConstraint, type: string): boolean {
  if (scope.kind === 'is') return scope.entityType === type;
  return scope.kind !== 'equals' || targetUid(scope.target).type === type;
}

/** Whether a scope admits this action. */
export function actionFits(
  scope: ActionConstraint,
  uid: EntityUid,
  entity: Entity | undefined,
): boolean {
  if (scope.kind === 'any') return true;
  if (scope.kind === 'equals') return sameUid(scope.target, uid);
  return scope.targets.some(
    (target) => sameUid(target, uid) || (entity !== undefined && entity.isBelow(target)),
  );
}

function sameUid(left: EntityUid, right: EntityUid): boolean {
  return left.id === right.id && left.type === right.type;
}
