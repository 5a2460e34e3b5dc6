import { policyOf, schemaOf, type PolicySet } from '@proofline/policy';
import { faultOfInvariant } from './check-invariants.ts';
import { violationsOf, type ProvedSet, type Violation } from './claims.ts';
import { isCounterexample, type Counterexample } from './counterexample.ts';
import { decodeQuestion } from './decode-question.ts';
import { declareWorld } from './encode/declare-world.ts';
import { encodeDecision } from './encode/encode-decision.ts';
import type { World } from './encode/world.ts';
import type { Invariant } from './invariant.ts';
import { kindsOfRequest, shortName, type KindOfRequest } from './kinds-of-request.ts';
import { NotEncodable } from './not-encodable.ts';
import { plainWishes } from './plain-wishes.ts';
import { UnreadableModel } from './smt/read-model.ts';
import { SolverFailure, startSolver, type Solver } from './smt/solver.ts';
import { FALSE, or, type Term } from './smt/term.ts';

/** A plainer counterexample is worth no more time than this. */
const WISH_LIMIT_MS = 500;

/** What came of one invariant. */
export type Proof = { readonly invariant: Invariant } & Verdict;

/** It holds for every request, or one breaks it, or neither is known. */
export type Verdict =
  /** `kinds`: of so many kinds of requests. 0: the schema has none that it speaks of. */
  | { readonly outcome: 'holds'; readonly kinds: number }
  | { readonly outcome: 'broken'; readonly counterexample: Counterexample }
  /** `why`: a sentence. */
  | { readonly outcome: 'not-decided'; readonly why: string };

/** How a proof is made. */
export interface ProofOptions {
  /** For each kind of request of an invariant; what takes longer is not decided. 10 s without it. */
  readonly timeLimitMs?: number;
  /** A solver that is running; without it one is started and ended. */
  readonly solver?: Solver;
}

/**
 * Proves invariants for every request that the schema allows, in enforcement mode, or finds one that
 * breaks them. Every counterexample was decided by the engine before it is given.
 *
 * Takes seconds of another thread, and a moment of this one for each kind of request.
 */
export async function provePolicies(
  set: PolicySet,
  invariants: readonly Invariant[],
  { timeLimitMs = 10_000, solver: given }: ProofOptions = {},
): Promise<Proof[]> {
  const solver = given ?? (await startSolver());
  try {
    return await proveAll({ set, solver, timeLimitMs }, invariants);
  } finally {
    if (given === undefined) await solver.close();
  }
}

interface Task {
  readonly invariant: Invariant;
  readonly kinds: readonly KindOfRequest[];
  verdict: Verdict;
}

interface Means {
  readonly set: PolicySet;
  readonly solver: Solver;
  readonly timeLimitMs: number;
}

async function proveAll(means: Means, invariants: readonly Invariant[]): Promise<Proof[]> {
  const { source } = means.set;
  const schema = schemaOf(source.schema);
  const policies = new Map(
    Object.entries(source.policies).map(([id, cedar]) => [id, policyOf(cedar)]),
  );
  const tasks = invariants.map((invariant): Task => {
    const fault = faultOfInvariant({ schema, text: source.schema }, invariant);
    const kinds = fault === undefined ? kindsOfRequest(schema, invariant) : [];
    const verdict: Verdict =
      fault === undefined
        ? { outcome: 'holds', kinds: kinds.length }
        : { outcome: 'not-decided', why: fault };
    return { invariant, kinds, verdict };
  });
  const byKind = Map.groupBy(
    tasks.flatMap((task) => task.kinds.map((kind) => ({ task, kind }))),
    ({ kind }) => JSON.stringify(kind),
  );
  for (const group of byKind.values()) {
    const [first] = group;
    if (first !== undefined) {
      const of = group.map(({ task }) => task);
      await proveKind({ ...means, proved: { schema, policies } }, first.kind, of);
    }
  }
  return tasks.map(({ invariant, verdict }) => ({ invariant, ...verdict }));
}

type KindMeans = Means & { readonly proved: ProvedSet };

async function proveKind(
  means: KindMeans,
  kind: KindOfRequest,
  tasks: readonly Task[],
): Promise<void> {
  const { proved, solver } = means;
  try {
    const world = declareWorld(proved.schema, kind);
    const isPermitted = encodeDecision(proved.policies.values(), world);
    solver.begin(world.script.take());
    for (const task of tasks) {
      if (task.verdict.outcome === 'broken') continue;
      const verdict = await solver.inside(() =>
        proveOne(means, task.invariant, { world, isPermitted }),
      );
      if (verdict !== undefined) task.verdict = verdict;
    }
  } catch (error) {
    const why = `${whyUndecided(error)} It concerns ${kind.action} by ${shortName(kind.principalType)}.`;
    for (const task of tasks) {
      if (task.verdict.outcome === 'holds') task.verdict = { outcome: 'not-decided', why };
    }
  }
}

/** A verdict that is worse than that it holds; none where it does. */
async function proveOne(
  means: KindMeans,
  invariant: Invariant,
  of: { readonly world: World; readonly isPermitted: Term },
): Promise<Verdict | undefined> {
  const { solver, proved, timeLimitMs } = means;
  const violations = violationsOf(proved, invariant, of);
  solver.tell(of.world.script.take());
  const all = or(...violations.map(({ term }) => term));
  if (all === FALSE) return undefined;
  // Mostly none is possible, which one question says.
  const isSound = await solver.inside(async () => {
    return (await solver.check(`(assert ${all})`, timeLimitMs)) === 'impossible';
  });
  if (isSound) return undefined;
  for (const violation of violations) {
    const verdict = await solver.inside(async () => {
      const found = await solver.check(`(assert ${violation.term})`, timeLimitMs);
      if (found === 'impossible') return undefined;
      if (found === 'unknown') return outOfTime(timeLimitMs);
      return counterexampleOf(means, invariant, violation);
    });
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

function outOfTime(timeLimitMs: number): Verdict {
  const why = `The solver came to no end within ${timeLimitMs / 1_000} seconds.`;
  return { outcome: 'not-decided', why };
}

/** The plainest request that the solver finds, once the engine has decided it the same way. */
async function counterexampleOf(
  { set, solver, timeLimitMs }: KindMeans,
  invariant: Invariant,
  violation: Violation,
): Promise<Verdict> {
  const decode = async (wishes: readonly Term[]): Promise<Counterexample> => {
    const [wish, ...rest] = wishes;
    if (wish === undefined) {
      await solver.check('', timeLimitMs);
      const permitted = decodeQuestion(solver, violation.permitted);
      if (violation.refused === undefined) return { permitted };
      return { permitted, refused: decodeQuestion(solver, violation.refused) };
    }
    const granted = await solver.inside(async () =>
      (await solver.check(`(assert ${wish})`, WISH_LIMIT_MS)) === 'possible'
        ? decode(rest)
        : undefined,
    );
    return granted ?? decode(rest);
  };
  const counterexample = await decode(plainWishes(violation));
  if (isCounterexample(set, invariant, counterexample))
    return { outcome: 'broken', counterexample };
  const why = 'The solver found a request that the engine does not decide in that way.';
  return { outcome: 'not-decided', why };
}

function whyUndecided(error: unknown): string {
  if (error instanceof NotEncodable)
    return `The policies hold ${error.what}, which is not encoded.`;
  if (error instanceof UnreadableModel) return 'The solver found a request that cannot be read.';
  if (error instanceof SolverFailure) return 'The solver could not go on.';
  throw error;
}
