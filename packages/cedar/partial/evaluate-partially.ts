import { Frame } from '../authorize/frame.ts';
import { operations } from '../compile/operations.ts';
import { namedEntity, scopeFits } from '../authorize/scope.ts';
import type { EntityStore } from '../entities/entity-store.ts';
import type { Policy } from '../policy/policy.ts';
import { EntityUid, type CedarRecord } from '../values/value.ts';
import { asBool, binary, both, negated, reduce, type Known } from './reduce.ts';
import type { Residual } from './residual.ts';

/** A request whose resource is unknown but for its type. */
export interface PartialRequest {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  /** The type of every row; qualified. */
  readonly resourceType: string;
  /** What is known of the context. */
  readonly context: CedarRecord;
  /** Names of the context that differ from row to row, or that nobody has looked up. */
  readonly unknownContext?: ReadonlySet<string>;
}

/** What is known, made ready for many policies. */
export function knownOf(request: PartialRequest, entities: EntityStore): Known {
  const resource = new EntityUid(request.resourceType, '');
  return {
    frame: new Frame({ ...request, resource }, entities),
    unknownContext: request.unknownContext ?? noNames,
    branches: BRANCHES_MAX,
  };
}

/** A chain of conditions doubles with each: beyond this, no query should be made of it. */
const BRANCHES_MAX = 1000;

const noNames: ReadonlySet<string> = new Set();

/** Whether a policy can concern this action by a principal of this type on rows of this type. */
export function canConcern(policy: Policy, { frame }: Known): boolean {
  return scopeFits(policy, frame);
}

/**
 * What is left of the scope of a policy that {@link canConcern} the request: which of the rows it is
 * about. It never errs.
 */
export function evaluateScope(policy: Policy, known: Known): Residual {
  return principalFits(policy, known)
    ? resourceScope(policy, known)
    : { kind: 'value', value: false };
}

/**
 * What is left of a policy’s conditions, which are evaluated where its scope fits: `true` where they
 * hold whatever the row, `false` where they never do, the error that they always end in, or what the
 * row decides.
 */
export function evaluateConditions(policy: Policy, known: Known): Residual {
  let residual: Residual = { kind: 'value', value: true };
  for (const { kind, body } of policy.conditions) {
    if (residual.kind === 'error' || (residual.kind === 'value' && residual.value === false)) break;
    residual = both(residual, () => {
      const clause = asBool(reduce(body, known));
      return kind === 'when' ? clause : negated(clause);
    });
  }
  return residual;
}

function principalFits(policy: Policy, { frame }: Known): boolean {
  const named = namedEntity(policy.principal);
  if (named === undefined) return true;
  return named.below
    ? operations.isIn(frame, frame.principal, named.uid)
    : operations.isEntity(frame.principal, named.uid);
}

function resourceScope(policy: Policy, known: Known): Residual {
  const named = namedEntity(policy.resource);
  if (named === undefined) return { kind: 'value', value: true };
  const target: Residual = { kind: 'value', value: named.uid };
  const resource: Residual = { kind: 'unknown', root: 'resource', path: [] };
  return binary(named.below ? 'in' : '==', [resource, target], known);
}
