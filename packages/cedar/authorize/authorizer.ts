import { compilePolicies } from '../compile/compile-policies.ts';
import type { EntityStore } from '../entities/entity-store.ts';
import type { Policy } from '../policy/policy.ts';
import { Frame, type Request } from './frame.ts';
import { Gathering, type GatheredPolicies } from './gathered-policies.ts';
import { PolicyIndex } from './policy-index.ts';
import type { ReadyPolicy } from './ready-policy.ts';
import { namedEntity } from './scope.ts';
import { Tally, type Answer } from './tally.ts';

/** A policy set made ready. */
export interface Authorizer {
  /** Decides exactly as the Cedar language defines it. Never throws for what a request holds. */
  authorize(request: Request, entities: EntityStore): Answer;
  /** For the same question asked again and again while members of its context are changed. */
  gather(request: Request, entities: EntityStore): GatheredPolicies;
}

/**
 * Compiles a set of policies, by id, and lays them out for lookup.
 *
 * @throws {TypeError} where a policy is a template whose slots are not filled.
 */
export function createAuthorizer(policies: ReadonlyMap<string, Policy>): Authorizer {
  const index = new PolicyIndex(makeReady(policies));
  return {
    authorize(request, entities) {
      const frame = new Frame(request, entities);
      const tally = new Tally(frame);
      index.sliceFor(frame).evaluate(frame, tally);
      return tally.answer();
    },
    gather(request, entities) {
      const frame = new Frame(request, entities);
      const gathering = new Gathering(frame);
      index.sliceFor(frame).gather(frame, gathering);
      return gathering;
    },
  };
}

function makeReady(policies: ReadonlyMap<string, Policy>): ReadyPolicy[] {
  const compiled = compilePolicies([...policies.values()]);
  return [...policies].flatMap(([id, policy], position) => {
    const conditions = compiled[position];
    if (conditions === undefined) return [];
    return {
      ...conditions,
      id,
      position,
      policy,
      isPermit: policy.effect === 'permit',
      principal: namedEntity(policy.principal),
      resource: namedEntity(policy.resource),
    };
  });
}
