import { loadPeer } from '../../peers/install-peers.ts';
import type { Workload } from '../workload-of.ts';
import { roles, type Condition, type Rule } from '../workload.ts';
import { compare, type Contestant } from './contestant.ts';

interface CaslRule {
  readonly action: readonly string[];
  readonly subject: 'Case';
  readonly inverted: boolean;
  readonly conditions: Readonly<Record<string, unknown>>;
}
interface Ability {
  can(action: string, subject: object): boolean;
}
interface CaslModule {
  readonly createMongoAbility: (rules: readonly CaslRule[]) => Ability;
  readonly subject: (type: 'Case', object: object) => object;
}

/** CASL with an ability built beforehand for each tenant and role; decision only. `undefined`: not installed. */
export async function casl(
  { rules, requests, expected }: Workload,
  from: 'ready' | 'raw',
): Promise<Contestant | undefined> {
  const module = await loadPeer<CaslModule>('@casl/ability');
  if (module === undefined) return undefined;
  const abilities = new Map<string, Ability>();
  let inputs: readonly { ability: Ability; action: string; facts: object }[] = [];
  const askReady = (index: number): boolean => {
    const input = inputs[index];
    return input?.ability.can(input.action, input.facts) ?? false;
  };
  const askRaw = (index: number): boolean => {
    const request = requests[index];
    if (request === undefined) return false;
    const { tenant, role, action, facts } = request;
    const ability = abilities.get(`${tenant} ${role}`);
    return ability?.can(action, module.subject('Case', { ...facts })) ?? false;
  };
  const ask = from === 'raw' ? askRaw : askReady;
  return {
    load() {
      const start = performance.now();
      for (const [tenant, own] of Map.groupBy(rules, (rule) => rule.tenant)) {
        for (const role of roles) {
          abilities.set(`${tenant} ${role}`, module.createMongoAbility(rulesOf(own, role)));
        }
      }
      return [{ name: 'compile', ms: performance.now() - start }];
    },
    takeRequests() {
      inputs = requests.map(({ tenant, role, action, facts }) => {
        const ability = abilities.get(`${tenant} ${role}`);
        if (ability === undefined) throw new Error('there is no such ability');
        return { ability, action, facts: module.subject('Case', { ...facts }) };
      });
    },
    count: () => requests.length,
    ask,
    check: (index) => compare(index, { allowed: ask(index) }, expected[index]),
  };
}

/** Of CASL’s rules the last that matches wins: so forbids stand behind. */
function rulesOf(rules: readonly Rule[], role: string): CaslRule[] {
  return rules
    .filter((rule) => rule.role === undefined || rule.role === role)
    .toSorted((one, other) => Number(one.effect === 'forbid') - Number(other.effect === 'forbid'))
    .map(({ effect, actions, conditions }) => ({
      action: [...new Set(actions)],
      subject: 'Case',
      inverted: effect === 'forbid',
      conditions: Object.fromEntries(conditions.map((one) => [one.fact, asQuery(one)])),
    }));
}

function asQuery(condition: Condition): unknown {
  if ('is' in condition) return condition.is;
  if ('atMost' in condition) return { $lte: condition.atMost };
  if ('moreThan' in condition) return { $gt: condition.moreThan };
  return { $in: condition.oneOf };
}
