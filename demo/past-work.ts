import { createDecisions, type DecisionInput, type Decisions } from '@proofline/decisions';
import type { JsonObject } from '@proofline/kernel';
import { compileRelease, decide, type DecisionCase, type PolicySet } from '@proofline/policy';
import { readUnused, type Role } from '@proofline/protocol';
import type { Config } from '@proofline/server/config';
import { readPolicies } from '@proofline/server/read-policies';
import type { RunningServer } from '@proofline/server/start';
import type { z } from 'zod';
import { demoStaff } from './staff.ts';

type Composition = RunningServer['composition'];

/**
 * What nobody of a role has done in the demo, so that the page of unused rights has something sensible
 * to propose: acts that weigh, given to everybody once because somebody might need them.
 */
const idle: Readonly<Partial<Record<Role, readonly string[]>>> = {
  'billing-agent': ['credit-limit:raise', 'debt:write-off', 'invoice:correct'],
  'senior-agent': ['number:release', 'contract:terminate'],
  'technical-agent': ['equipment:replace'],
  'fraud-reviewer': ['callback:schedule'],
};
/** How often each of the other acts was done. */
const TIMES = 3;

/** A PDP of the demo’s own, whose facts are those of whatever named case is at hand. */
export interface PastPdp {
  readonly past: Decisions;
  readonly cases: readonly DecisionCase[];
  readonly set: PolicySet;
  readonly present: { facts: DecisionCase['facts'] };
}

/** Opens it. */
export async function openPastPdp(composition: Composition, config: Config): Promise<PastPdp> {
  const { storage, ledger, clock, random, tenant } = composition;
  const { text, cases } = readPolicies();
  const past = createDecisions({
    storage,
    ledger,
    clock,
    random,
    tenant,
    staffOrigin: config.PROOFLINE_STAFF_ORIGIN,
    signingKeys: () => config.PROOFLINE_SIGNING_KEYS,
    policySeeds: config.PROOFLINE_POLICY_SEEDS.map((seed) => Buffer.from(seed, 'base64url')),
  });
  // Nothing changes: the server has released the same folder before.
  await past.release(text, cases);
  return { past, cases, set: compileRelease(text), present: registerFacts(past, cases) };
}

/**
 * The work of before the first start: decisions like those of the named cases of the policies, made by a
 * PDP of the demo’s own whose facts are these cases, so that each is derived, recorded and in the log like
 * any other. Answers how many there are.
 */
export async function seedPastWork(composition: Composition, pdp: PastPdp): Promise<number> {
  const { decisions: live, workforce } = composition;
  const { cases, past, present, set } = pdp;
  const colleagues = await workforce.listColleagues();
  let made = 0;
  for (const { role, held } of await rolesOf(live)) {
    // Nobody has signed in yet: who will stand in which role is what the demo's own list says.
    const name = demoStaff.find((one) => one.role === role)?.displayName;
    const doer = colleagues.find(({ displayName }) => displayName === name);
    if (!doer) continue;
    for (const { action } of held) {
      if (idle[role]?.includes(action)) continue;
      const like = likeOf(cases, {
        action,
        staff: { roles: [role], desk: doer.desk, active: true },
      });
      const fitting = like.find(
        (one) => decide(set, { ...one.question, context: one.facts }).effect === 'permit',
      );
      if (!fitting) continue;
      present.facts = fitting.facts;
      const { amountCents, reasonCode } = requestOf(fitting);
      const asked: DecisionInput = {
        subject: { type: 'Staff', id: doer.subjectId },
        action,
        resource: fitting.question.resource,
        request: {
          ...(amountCents !== undefined && { amountCents }),
          ...(reasonCode !== undefined && { reasonCode }),
        },
      };
      await Promise.all(Array.from({ length: TIMES }, () => past.decide(asked)));
      made += TIMES;
    }
  }
  return made;
}

/** Facts of whatever case is at hand, each under its own name. */
function registerFacts(
  past: Decisions,
  cases: readonly DecisionCase[],
): { facts: DecisionCase['facts'] } {
  const present: { facts: DecisionCase['facts'] } = { facts: {} };
  const names = new Set(cases.flatMap(({ facts }) => Object.keys(facts)));
  // What the caller says of the request comes with the question.
  names.delete('request');
  // A room of the demo’s past knows these by itself.
  for (const name of ['breakGlass', 'breakGlassRequest']) names.delete(name);
  for (const name of names) {
    past.registerFacts({
      name,
      gather: async () => {
        const values = present.facts[name];
        // The schema of the policies says that each of them is a record.
        return values === undefined ? undefined : { values: values as JsonObject };
      },
    });
  }
  return present;
}

type Found = z.output<typeof readUnused.reply>;

/** What each role holds by the live policies: asked as the page asks. */
async function rolesOf({ routes }: Composition['decisions']): Promise<Found['roles']> {
  const mounted = routes.find(({ route }) => route.id === readUnused.id);
  if (!mounted) throw new Error('nobody answers what is unused');
  // The route's own query, as the edge would hand it over.
  return readUnused.reply.parse(await mounted.handler({ query: { days: 1 } } as never)).roles;
}

/** The named cases about an action, as if they were about this colleague. */
function likeOf(
  cases: readonly DecisionCase[],
  { action, staff }: { readonly action: string; readonly staff: DecisionCase['facts'][string] },
): DecisionCase[] {
  return cases
    .filter(({ question, expect }) => question.action === action && expect.effect === 'permit')
    .filter(({ question }) => question.principal.type === 'Staff')
    .map((one) => ({ ...one, facts: { ...one.facts, staff } }));
}

function requestOf({ facts }: DecisionCase): { amountCents?: number; reasonCode?: string } {
  // The schema of the policies says what a request has; `decide` has just held it against that.
  return (facts['request'] ?? {}) as { amountCents?: number; reasonCode?: string };
}
