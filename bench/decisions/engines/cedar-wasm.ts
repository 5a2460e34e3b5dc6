import {
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  type AuthorizationAnswer,
  type EntityJson,
} from '@cedar-policy/cedar-wasm/nodejs';
import { asCedar, cedarSchema } from '../as-cedar.ts';
import { cedarInputOf } from '../cedar-input.ts';
import type { Workload } from '../workload-of.ts';
import { compare, timed, type Contestant, type Step } from './contestant.ts';

const SET = 'bench';

/** cedar-wasm through `statefulIsAuthorized`, its fastest way; entities come with each request. */
export function cedarWasm(
  { rules, requests, expected }: Workload,
  validateRequest: boolean,
): Contestant {
  let asks: ((index: number) => AuthorizationAnswer) | undefined;
  return {
    load() {
      const steps: Step[] = [];
      const staticPolicies = Object.fromEntries(rules.map((rule) => [rule.id, asCedar(rule)]));
      const schema = timed(steps, 'schema', () => preparseSchema(SET, cedarSchema));
      const set = timed(steps, 'parse', () => preparsePolicySet(SET, { staticPolicies }));
      if (schema.type === 'failure' || set.type === 'failure') {
        throw new Error('cedar-wasm could not read the policies');
      }
      return steps;
    },
    takeRequests() {
      const calls = requests.map((request) => {
        const { entities, ...input } = cedarInputOf(request);
        // The same shape; theirs is not readonly.
        const given = entities as unknown as EntityJson[];
        return {
          ...input,
          entities: given,
          preparsedPolicySetId: SET,
          ...(validateRequest && { preparsedSchemaName: SET, validateRequest }),
        };
      });
      asks = (index) => {
        const call = calls[index];
        if (call === undefined) throw new Error('there is no such request');
        return statefulIsAuthorized(call);
      };
    },
    count: () => requests.length,
    ask: (index) => asks?.(index),
    check(index) {
      const answer = asks?.(index);
      if (answer?.type !== 'success') throw new Error(`request ${index} was not understood`);
      const { decision, diagnostics } = answer.response;
      const allowed = decision === 'allow';
      compare(index, { allowed, determining: diagnostics.reason }, expected[index]);
    },
  };
}
