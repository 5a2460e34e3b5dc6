/**
 * One neutral set of rules that every engine under test is given in its own language, and requests
 * with the answer that each must give. A contact center: six roles, eight case types, twenty
 * actions; customer's and agent's proofs, device, risk, network, amount, purpose, consent.
 */
export interface Rule {
  readonly id: string;
  readonly tenant: string;
  readonly effect: 'permit' | 'forbid';
  /** Any of these; of all roles where absent. */
  readonly role?: string;
  readonly actions: readonly string[];
  readonly conditions: readonly Condition[];
}

/** One comparison; all of a rule's hold together. */
export type Condition =
  | { readonly fact: BooleanFact; readonly is: boolean }
  | { readonly fact: NumberFact; readonly atMost: number }
  | { readonly fact: NumberFact; readonly moreThan: number }
  | { readonly fact: TextFact; readonly oneOf: readonly string[] };

export type BooleanFact = 'deviceManaged' | 'deviceBound' | 'consent';
export type NumberFact =
  | 'customerAssurance'
  | 'customerProofAge'
  | 'agentProofAge'
  | 'riskScore'
  | 'amount';
export type TextFact = 'caseType' | 'network' | 'purpose';

/** The facts of a request: the same names and types for every engine. */
export type Facts = Readonly<Record<BooleanFact, boolean>> &
  Readonly<Record<NumberFact, number>> &
  Readonly<Record<TextFact, string>>;

export interface BenchRequest {
  readonly tenant: string;
  readonly agent: string;
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly facts: Facts;
}

export interface Expected {
  readonly allowed: boolean;
  /** Ids of the rules that it rests on, sorted. */
  readonly determining: readonly string[];
}

export const roles = ['billing', 'technical', 'fraud', 'tier-1', 'tier-2', 'supervisor'] as const;
export const caseTypes = [
  'billing',
  'plan-change',
  'complaint',
  'outage',
  'moving',
  'bereavement',
  'fraud-review',
  'retention',
] as const;
export const actions = Array.from({ length: 20 }, (_, index) => `action-${index}`);
export const networks = ['office', 'home', 'unknown'] as const;

const RULES_PER_TENANT = 60;
const PERMITS_PER_TENANT = 42;

/** 60 rules for each tenant: 42 permits and 18 forbids. */
export function makeRules(count: number, random: () => number): Rule[] {
  return Array.from({ length: count / RULES_PER_TENANT }, (_, tenant) =>
    Array.from({ length: RULES_PER_TENANT }, (_unused, index) =>
      index < PERMITS_PER_TENANT
        ? makePermit(`t${tenant}`, index, random)
        : makeForbid(`t${tenant}`, index, random),
    ),
  ).flat();
}

function makePermit(tenant: string, index: number, random: () => number): Rule {
  const conditions: Condition[] = [
    { fact: 'caseType', oneOf: several(caseTypes, random) },
    { fact: 'customerAssurance', moreThan: index % 2 },
    { fact: 'customerProofAge', atMost: pick([300, 900, 3600], random) },
  ];
  if (index % 3 === 0) conditions.push({ fact: 'deviceManaged', is: true });
  if (index % 4 === 0) conditions.push({ fact: 'agentProofAge', atMost: 900 });
  if (index % 5 === 0) conditions.push({ fact: 'consent', is: true });
  return {
    id: `${tenant}.permit-${index}`,
    tenant,
    effect: 'permit',
    role: roles[index % roles.length] ?? 'billing',
    actions: Array.from({ length: 3 }, () => pick(actions, random)),
    conditions,
  };
}

function makeForbid(tenant: string, index: number, random: () => number): Rule {
  const kinds: readonly Condition[][] = [
    [{ fact: 'riskScore', moreThan: pick([70, 80, 90], random) }],
    [
      { fact: 'network', oneOf: ['unknown'] },
      { fact: 'deviceBound', is: false },
    ],
    [{ fact: 'amount', moreThan: pick([10_000, 50_000], random) }],
    [{ fact: 'purpose', oneOf: ['marketing'] }],
  ];
  return {
    id: `${tenant}.forbid-${index}`,
    tenant,
    effect: 'forbid',
    actions: Array.from({ length: 4 }, () => pick(actions, random)),
    conditions: pick(kinds, random),
  };
}

/** Requests of which every engine must say the same. */
export function makeRequests(count: number, tenants: number, random: () => number): BenchRequest[] {
  return Array.from({ length: count }, (_, index) => ({
    tenant: `t${Math.floor(random() * tenants)}`,
    agent: `agent-${index % 200}`,
    role: pick(roles, random),
    action: pick(actions, random),
    resource: `case-${index % 1000}`,
    facts: {
      deviceManaged: random() < 0.9,
      deviceBound: random() < 0.9,
      consent: random() < 0.8,
      customerAssurance: Math.floor(random() * 3),
      customerProofAge: Math.floor(random() * 1200),
      agentProofAge: Math.floor(random() * 1200),
      riskScore: Math.floor(random() * 100),
      amount: Math.floor(random() * 60_000),
      caseType: pick(caseTypes, random),
      network: pick(networks, random),
      purpose: random() < 0.95 ? 'service' : 'marketing',
    },
  }));
}

/** The answer by the rules themselves, one after the other: what every engine is checked with. */
export function answerOf(rules: readonly Rule[], request: BenchRequest): Expected {
  const satisfied = rules.filter((rule) => holds(rule, request));
  const forbids = satisfied.filter(({ effect }) => effect === 'forbid');
  const permits = satisfied.filter(({ effect }) => effect === 'permit');
  const allowed = forbids.length === 0 && permits.length > 0;
  const determining = (allowed ? permits : forbids).map(({ id }) => id).toSorted();
  return { allowed, determining };
}

function holds(rule: Rule, { tenant, role, action, facts }: BenchRequest): boolean {
  return (
    rule.tenant === tenant &&
    (rule.role === undefined || rule.role === role) &&
    rule.actions.includes(action) &&
    rule.conditions.every((condition) => conditionHolds(condition, facts))
  );
}

function conditionHolds(condition: Condition, facts: Facts): boolean {
  if ('is' in condition) return facts[condition.fact] === condition.is;
  if ('atMost' in condition) return facts[condition.fact] <= condition.atMost;
  if ('moreThan' in condition) return facts[condition.fact] > condition.moreThan;
  return condition.oneOf.includes(facts[condition.fact]);
}

function pick<T>(from: readonly T[], random: () => number): T {
  const picked = from[Math.floor(random() * from.length)];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}

function several<T>(from: readonly T[], random: () => number): T[] {
  const chosen = from.filter(() => random() < 0.6);
  return chosen.length === 0 ? [pick(from, random)] : chosen;
}
