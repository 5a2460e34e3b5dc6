import type { Condition, Rule } from './workload.ts';
import { actions } from './workload.ts';

const list = (values: readonly string[]) => values.map((value) => JSON.stringify(value)).join(', ');

/** The schema of the workload. A tenant stands above its resources, a role above its agents. */
export const cedarSchema = `
entity Tenant;
entity Role;
entity Agent in [Role];
entity Case in [Tenant];
type Facts = {
  deviceManaged: Bool, deviceBound: Bool, consent: Bool,
  customerAssurance: Long, customerProofAge: Long, agentProofAge: Long, riskScore: Long, amount: Long,
  caseType: String, network: String, purpose: String,
};
action ${list(actions)} appliesTo { principal: Agent, resource: Case, context: Facts };
`;

/** A rule as a Cedar policy. */
export function asCedar(rule: Rule): string {
  const principal = rule.role === undefined ? 'principal' : `principal in Role::"${rule.role}"`;
  const named = rule.actions.map((action) => `Action::"${action}"`).join(', ');
  const conditions = rule.conditions.map(conditionAsCedar).join(' && ');
  return (
    `@id("${rule.id}")\n` +
    `${rule.effect} (${principal}, action in [${named}], resource in Tenant::"${rule.tenant}")\n` +
    `when { ${conditions} };\n`
  );
}

function conditionAsCedar(condition: Condition): string {
  const fact = `context.${condition.fact}`;
  if ('is' in condition) return condition.is ? fact : `!${fact}`;
  if ('atMost' in condition) return `${fact} <= ${condition.atMost}`;
  if ('moreThan' in condition) return `${fact} > ${condition.moreThan}`;
  return `[${list(condition.oneOf)}].contains(${fact})`;
}
