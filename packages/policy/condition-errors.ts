import { validate } from '@cedar-policy/cedar-wasm/nodejs';

/**
 * Why one policy, which stands for a condition, does not fit to a schema; a sentence for each error.
 * Warnings are none: a condition may be one that never holds.
 */
export function conditionErrors(schema: string, cedar: string): string[] {
  const answer = validate({
    schema,
    policies: { staticPolicies: { condition: cedar } },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') return answer.errors.map(({ message }) => message);
  return answer.validationErrors.map(({ error }) => error.message);
}
