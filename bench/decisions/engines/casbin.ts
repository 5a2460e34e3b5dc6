import { loadPeer } from '../../peers/install-peers.ts';
import type { Workload } from '../workload-of.ts';
import type { Condition, Rule } from '../workload.ts';
import { compare, type Contestant, type Step } from './contestant.ts';

interface Enforcer {
  addPolicies(lines: readonly (readonly string[])[]): Promise<boolean>;
  addFunction(name: string, run: (list: string, one: string) => boolean): Promise<void>;
  enforceSync(...request: readonly unknown[]): boolean;
}
interface CasbinModule {
  readonly newEnforcer: (model: unknown) => Promise<Enforcer>;
  readonly newModel: (text: string) => unknown;
}

/** Cheap comparisons first, so that few conditions are looked at; a forbid wins. */
const model = `
[request_definition]
r = tenant, role, act, facts
[policy_definition]
p = id, tenant, role, acts, rule, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.tenant == p.tenant && (p.role == "*" || r.role == p.role) && listed(p.acts, r.act) && eval(p.rule)
`;

/** casbin with conditions in the policies (`eval`), decision only. `undefined`: not installed. */
export async function casbin({
  rules,
  requests,
  expected,
}: Workload): Promise<Contestant | undefined> {
  const module = await loadPeer<CasbinModule>('casbin');
  if (module === undefined) return undefined;
  let enforcer: Enforcer | undefined;
  let inputs: readonly (readonly unknown[])[] = [];
  const ask = (index: number) => enforcer?.enforceSync(...(inputs[index] ?? []));
  return {
    async load() {
      const steps: Step[] = [];
      const start = performance.now();
      enforcer = await module.newEnforcer(module.newModel(model));
      await enforcer.addFunction('listed', (list, one) => list.includes(one));
      await enforcer.addPolicies(rules.map(asLine));
      steps.push({ name: 'parse', ms: performance.now() - start });
      return steps;
    },
    takeRequests() {
      inputs = requests.map(({ tenant, role, action, facts }) => [
        tenant,
        role,
        `|${action}|`,
        facts,
      ]);
    },
    count: () => requests.length,
    ask,
    check: (index) => compare(index, { allowed: ask(index) ?? false }, expected[index]),
  };
}

function asLine(rule: Rule): string[] {
  const conditions = rule.conditions.map(asExpression).join(' && ');
  const effect = rule.effect === 'permit' ? 'allow' : 'deny';
  return [
    rule.id,
    rule.tenant,
    rule.role ?? '*',
    `|${rule.actions.join('|')}|`,
    conditions,
    effect,
  ];
}

function asExpression(condition: Condition): string {
  const fact = `r.facts.${condition.fact}`;
  if ('is' in condition) return `${fact} == ${condition.is}`;
  if ('atMost' in condition) return `${fact} <= ${condition.atMost}`;
  if ('moreThan' in condition) return `${fact} > ${condition.moreThan}`;
  return `(${condition.oneOf.map((value) => `${fact} == "${value}"`).join(' || ')})`;
}
