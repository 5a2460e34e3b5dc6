import { validate } from '@cedar-policy/cedar-wasm/nodejs';

/**
 * Why policies, each of which stands for a condition, do not fit to a schema: id → the first error, a
 * sentence. Warnings are none: a condition may be one that never holds.
 */
export function conditionErrors(
  schema: string,
  conditions: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  if (conditions.size === 0) return new Map();
  const answer = validate({
    schema,
    policies: { staticPolicies: Object.fromEntries(conditions) },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') {
    const [first] = answer.errors;
    const why = first?.message ?? 'It cannot be validated.';
    return new Map(Array.from(conditions.keys(), (id) => [id, why]));
  }
  const found = new Map<string, string>();
  for (const { policyId, error } of answer.validationErrors) {
    if (!found.has(policyId)) found.set(policyId, error.message);
  }
  return found;
}
