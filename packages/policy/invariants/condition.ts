import { CedarSyntaxError, parsePolicies, type Policy } from '@proofline/cedar';

/** The condition as a policy that holds for every request of any kind for which the condition does. */
export function conditionPolicy(condition: string): string {
  return `permit (principal, action, resource) when {\n${condition}\n};`;
}

/**
 * Reads a Cedar condition.
 *
 * @throws {CedarSyntaxError} when it is none, or more than one
 */
export function parseCondition(condition: string): Policy {
  const [parsed, ...more] = parsePolicies(conditionPolicy(condition));
  if (parsed === undefined || more.length > 0 || parsed.policy.conditions.length !== 1) {
    throw new TypeError('this is more than one condition');
  }
  return parsed.policy;
}

/** What is wrong with a condition as text, in words. */
export function syntaxFaultOf(condition: string): string | undefined {
  try {
    parseCondition(condition);
    return undefined;
  } catch (error) {
    if (error instanceof CedarSyntaxError || error instanceof TypeError) return error.message;
    throw error;
  }
}
