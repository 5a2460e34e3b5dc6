import { compilePolicies } from '../compile/compile-policies.ts';
import type { EntityStore } from '../entities/entity-store.ts';
import { EvaluationError, type EvaluationErrorCode } from '../evaluation-error.ts';
import type { Policy } from '../policy/policy.ts';
import { Frame, type Request } from './frame.ts';
import { PolicyIndex } from './policy-index.ts';
import type { ReadyPolicy } from './policy-slice.ts';
import { namedEntity } from './scope.ts';

/** A policy that could not be evaluated, and why. */
export interface PolicyError {
  readonly policy: string;
  readonly code: EvaluationErrorCode;
}

/** What Cedar's authorizer answers. */
export interface Answer {
  readonly decision: 'allow' | 'deny';
  /** The satisfied forbids of a deny, or the satisfied permits of an allow, in the set's order. */
  readonly determining: readonly string[];
  /** The policies that erred, which Cedar skips, in the set's order. */
  readonly errors: readonly PolicyError[];
}

/** A policy set made ready. */
export interface Authorizer {
  /** Decides exactly as the Cedar language defines it. Never throws for what a request holds. */
  authorize(request: Request, entities: EntityStore): Answer;
}

/**
 * Compiles a set of policies, by id, and lays them out for lookup.
 *
 * @throws {TypeError} where a policy is a template whose slots are not filled.
 */
export function createAuthorizer(policies: ReadonlyMap<string, Policy>): Authorizer {
  const compiled = compilePolicies([...policies.values()]);
  const ready: ReadyPolicy[] = [...policies].flatMap(([id, policy], position) => {
    const conditions = compiled[position];
    if (conditions === undefined) return [];
    const [principal, resource] = [namedEntity(policy.principal), namedEntity(policy.resource)];
    return [{ ...conditions, id, position, policy, principal, resource }];
  });
  const index = new PolicyIndex(ready);
  return { authorize: (request, entities) => decide(index, new Frame(request, entities)) };
}

function decide(index: PolicyIndex, frame: Frame): Answer {
  const permits: ReadyPolicy[] = [];
  const forbids: ReadyPolicy[] = [];
  const erring: { readonly ready: ReadyPolicy; readonly code: EvaluationErrorCode }[] = [];
  for (const ready of index.sliceFor(frame).fitting(frame)) {
    try {
      if (!ready.hold(frame, ready.constants)) continue;
      (ready.policy.effect === 'permit' ? permits : forbids).push(ready);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      erring.push({ ready, code: error.code });
    }
  }
  const decision = forbids.length === 0 && permits.length > 0 ? 'allow' : 'deny';
  return {
    decision,
    determining: idsInOrder(decision === 'allow' ? permits : forbids),
    errors: erring.length === 0 ? noErrors : errorsInOrder(erring),
  };
}

const noErrors: readonly PolicyError[] = Object.freeze([]);

function errorsInOrder(
  erring: { readonly ready: ReadyPolicy; readonly code: EvaluationErrorCode }[],
): PolicyError[] {
  return erring
    .sort((one, other) => one.ready.position - other.ready.position)
    .map(({ ready, code }) => ({ policy: ready.id, code }));
}

function idsInOrder(policies: ReadyPolicy[]): string[] {
  if (policies.length > 1) policies.sort((one, other) => one.position - other.position);
  return policies.map(({ id }) => id);
}
