import { validate } from '@cedar-policy/cedar-wasm/nodejs';

/**
 * Why policies, which stand for conditions, do not fit to a schema: by id, the first error of each.
 * Warnings are none: a condition may be one that never holds. All are looked at in one go, because
 * most of the time goes into the schema.
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
  const found = new Map<string, string>();
  if (answer.type === 'failure') {
    // One that cannot be read keeps the others from being looked at.
    const words = answer.errors[0]?.message ?? 'it cannot be read';
    if (conditions.size === 1) return new Map([...conditions.keys()].map((id) => [id, words]));
    for (const one of conditions) {
      for (const [id, message] of conditionErrors(schema, new Map([one]))) found.set(id, message);
    }
    return found;
  }
  for (const { policyId, error } of answer.validationErrors) {
    if (!found.has(policyId)) found.set(policyId, error.message);
  }
  return found;
}
