import { createEntityStore } from '../../packages/cedar/entities/create-entity-store.ts';
import {
  createRowFilters,
  EntityUid,
  parsePolicies,
  writeSql,
  type Columns,
} from '../../packages/cedar/index.ts';
import { makeRecord } from '../../packages/cedar/values/record-prototype.ts';
import { randomOf } from '../../packages/cedar/row-filter/testing/random-rows.ts';
import { asCedar } from '../decisions/as-cedar.ts';
import { makeRequests, makeRules } from '../decisions/workload.ts';

/** What one plan costs: from the question to SQL text and parameters. */
export interface PlanCost {
  readonly policies: number;
  readonly microseconds: number;
  readonly plansPerSecond: number;
  /** Mean length of the SQL. */
  readonly characters: number;
}

/** The agent’s own facts are known; what is the case’s stands in the rows. */
const columns: Columns = {
  resource: {
    sql: '"cases"."id"',
    type: { entity: 'Case' },
    nullable: false,
    // The query asks for one tenant’s cases only.
    ancestors: { Tenant: { always: 't0' } },
  },
  'context.caseType': { sql: '"cases"."case_type"', type: 'string', nullable: false },
  'context.customerAssurance': { sql: '"cases"."assurance"', type: 'long', nullable: true },
  'context.customerProofAge': { sql: '"cases"."proof_age"', type: 'long', nullable: true },
  'context.amount': { sql: '"cases"."amount"', type: 'long', nullable: true },
  'context.purpose': { sql: '"cases"."purpose"', type: 'string', nullable: false },
  'context.consent': { sql: '"cases"."consent"', type: 'boolean', nullable: false },
};

const PLANS = 20_000;
const ROUNDS = 5;

/** CPU time of a plan, warm: the median of a few rounds. */
export function measurePlans(policies: number): PlanCost {
  const random = randomOf(7);
  const rules = makeRules(policies, random);
  const filters = createRowFilters(
    parsePolicies(rules.map(asCedar).join('\n')).map(({ policy }) => policy),
  );
  const questions = makeRequests(1000, policies / 60, random).map((request) => {
    const { facts } = request;
    const principal = new EntityUid('Agent', request.agent);
    const entities = createEntityStore([
      {
        uid: principal,
        attributes: makeRecord([]),
        tags: makeRecord([]),
        parents: [new EntityUid('Role', request.role)],
      },
    ]);
    const { deviceManaged, deviceBound, agentProofAge, riskScore, network } = facts;
    const known = { deviceManaged, deviceBound, agentProofAge, riskScore, network };
    const question = {
      principal,
      action: new EntityUid('Action', request.action),
      resourceType: 'Case',
      context: makeRecord(Object.entries(known)),
      columns,
    };
    return { question, entities };
  });
  let characters = 0;
  const plan = (index: number): void => {
    const asked = questions[index % questions.length];
    if (asked === undefined) return;
    const filter = filters.filter(asked.question, asked.entities);
    if (filter.kind === 'where') characters += writeSql(filter.where).text.length;
  };
  const costs: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    characters = 0;
    const before = process.cpuUsage();
    for (let index = 0; index < PLANS; index += 1) plan(index);
    const { user, system } = process.cpuUsage(before);
    if (round > 0) costs.push((user + system) / PLANS);
  }
  const microseconds = costs.toSorted((one, other) => one - other)[ROUNDS >> 1] ?? NaN;
  return {
    policies,
    microseconds,
    plansPerSecond: 1_000_000 / microseconds,
    characters: Math.round(characters / PLANS),
  };
}
