import { isAuthorized, type AuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';

/** What Cedar makes of a condition: its value, or that it has none. */
export type Verdict = boolean | 'error';

/** Asks cedar-wasm for many conditions at once: each stands in a policy of its own. */
export function askCedar(conditions: readonly string[], context: object = {}): Verdict[] {
  const policies = conditions.map((condition, index) => [
    `p${index}`,
    `permit(principal, action, resource) when { ${condition} };`,
  ]);
  const answer = isAuthorized({
    principal: { type: 'User', id: 'u' },
    action: { type: 'Action', id: 'a' },
    resource: { type: 'Thing', id: 't' },
    // What a test gives as context is JSON, or Cedar is to say that it is none.
    context: context as AuthorizationCall['context'],
    policies: { staticPolicies: Object.fromEntries(policies) as Record<string, string> },
    entities: [],
  });
  if (answer.type === 'failure') {
    throw new Error(answer.errors.map(({ message }) => message).join('\n'));
  }
  const { reason, errors } = answer.response.diagnostics;
  const [permits, failed] = [new Set(reason), new Set(errors.map(({ policyId }) => policyId))];
  return policies.map(([id = '']) => (failed.has(id) ? 'error' : permits.has(id)));
}
