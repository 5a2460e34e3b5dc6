import { compiledEngine, policyOf, schemaOf, type Question } from '@proofline/policy';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeQuestion } from './decode-question.ts';
import { declareWorld } from './encode/declare-world.ts';
import { encodeDecision } from './encode/encode-decision.ts';
import type { World } from './encode/world.ts';
import { NotEncodable } from './not-encodable.ts';
import { Script, TextsNeeded } from './smt/script.ts';
import { startSolver, type Solver } from './smt/solver.ts';
import type { Term } from './smt/term.ts';
import { isQuestion } from './testing/fix-question.ts';
import { randomPolicies, randomQuestion, richSchema } from './testing/random-case.ts';

// The prover is worth as much as its encoding: so the solver and the engine are asked the same.

const schema = schemaOf(richSchema);
const defaults = new Map();
const seed = 20_261_121;
const LIMIT_MS = 4_000;
/** More of them by hand: `PROVER_RUNS=3000`. */
const RUNS = Number(process.env['PROVER_RUNS'] ?? 100);

let solver: Solver;
beforeAll(async () => {
  solver = await startSolver();
});
afterAll(() => solver.close());

type Policies = Readonly<Record<string, string>>;

/** What the product does with an answer: a forbid that errs denies. */
function permits(policies: Policies, question: Question): boolean {
  const parsed = new Map(Object.entries(policies).map(([id, cedar]) => [id, policyOf(cedar)]));
  const answer = compiledEngine.compile({ read: { schema, policies: parsed } }).evaluate(question);
  if (answer.kind === 'invalid') throw new Error('a random question is one that the schema allows');
  const isErring = answer.erring.some((id) => policies[id]?.startsWith('forbid'));
  return answer.allowed && !isErring;
}

/** The decision as a term, or nothing where the policies hold what has no encoding. */
function encoded(
  policies: Policies,
  resourceType: string,
  looksInside = false,
): { world: World; term: Term } | undefined {
  try {
    const kind = { action: 'view', principalType: 'Proofline::Staff', resourceType };
    const world = declareWorld({ schema, defaults }, kind, new Script({ looksInside }));
    const parsed = new Map(Object.entries(policies).map(([id, cedar]) => [id, policyOf(cedar)]));
    return { world, term: encodeDecision({ policies: parsed, defaults }, world) };
  } catch (error) {
    if (error instanceof TextsNeeded) return encoded(policies, resourceType, true);
    if (error instanceof NotEncodable) return undefined;
    throw error;
  }
}

test('on a request that is fixed the solver says what the engine says', async () => {
  const seen = { permitted: 0, denied: 0, refused: 0, unknown: 0 };
  const property = fc.asyncProperty(randomPolicies, randomQuestion, async (policies, question) => {
    const one = encoded(policies, `Proofline::${question.resource.type}`);
    if (one === undefined) {
      seen.refused += 1;
      return;
    }
    const { world, term } = one;
    const fixed = isQuestion(world, question);
    const assertion = (what: Term) => world.script.render(`(assert ${what})`);
    solver.begin(`${world.script.take()}\n${assertion(fixed)}`);
    expect(await solver.check('', LIMIT_MS)).toBe('possible');
    const said = await solver.check(assertion(term), LIMIT_MS);
    const isPermitted = permits(policies, question);
    if (said === 'unknown') seen.unknown += 1;
    else expect(said).toBe(isPermitted ? 'possible' : 'impossible');
    seen[isPermitted ? 'permitted' : 'denied'] += 1;
  });
  await fc.assert(property, { numRuns: RUNS, seed });
  expect(Math.min(seen.permitted, seen.denied)).toBeGreaterThan(RUNS / 10);
  expect(seen.refused).toBeLessThan(RUNS / 2);
  expect(seen.unknown).toBeLessThan(RUNS / 20);
});

test('a request that the solver finds is permitted by the engine', async () => {
  let found = 0;
  const property = fc.asyncProperty(randomPolicies, async (policies) => {
    const one = encoded(policies, 'Proofline::Account');
    if (one === undefined) return;
    const { world, term } = one;
    solver.begin(world.script.take());
    if ((await solver.check(world.script.render(`(assert ${term})`), LIMIT_MS)) !== 'possible')
      return;
    expect(permits(policies, decodeQuestion(solver, world))).toBe(true);
    found += 1;
  });
  await fc.assert(property, { numRuns: 60, seed });
  expect(found).toBeGreaterThan(8);
});
