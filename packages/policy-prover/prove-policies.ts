import {
  findUnfitInvariants,
  kindsOfRequest,
  shortName,
  type Invariant,
  type KindOfRequest,
  type PolicySet,
} from '@proofline/policy';
import { violationsOf, type ProvedSet, type Violation } from './claims.ts';
import { isCounterexample, type Counterexample } from './counterexample.ts';
import { decodeQuestion } from './decode-question.ts';
import { declareWorld } from './encode/declare-world.ts';
import { encodeDecision } from './encode/encode-decision.ts';
import type { World } from './encode/world.ts';
import { NotEncodable } from './not-encodable.ts';
import { plainWishes } from './plain-wishes.ts';
import { Questions } from './smt/questions.ts';
import { UnreadableModel } from './smt/read-model.ts';
import { Script, TextsNeeded } from './smt/script.ts';
import { SettledQuestions } from './smt/settled-questions.ts';
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
  /** A solver that is running; without it one is started, once there is something to ask, and ended. */
  readonly solver?: Solver;
  /** What was found out before, and what is now: a set that differs little is proved in a moment. */
  readonly settled?: SettledQuestions;
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
  { timeLimitMs = 10_000, solver: given, settled = new SettledQuestions() }: ProofOptions = {},
): Promise<Proof[]> {
  const tasks = tasksOf(set, invariants);
  let started: Promise<Solver> | undefined;
  const start = async () => given ?? (await (started ??= startSolver()));
  try {
    await proveAll({ set, questions: new Questions(settled, start), timeLimitMs }, tasks);
  } finally {
    await (await started)?.close();
  }
  return tasks.map(({ invariant, verdict }) => ({ invariant, ...verdict }));
}

interface Task {
  readonly invariant: Invariant;
  readonly kinds: readonly KindOfRequest[];
  verdict: Verdict;
}

interface Means {
  readonly set: PolicySet;
  readonly questions: Questions;
  readonly timeLimitMs: number;
}

function tasksOf({ source, read }: PolicySet, invariants: readonly Invariant[]): Task[] {
  const { schema } = read;
  const unfit = findUnfitInvariants({ schema, text: source.schema }, invariants);
  return invariants.map((invariant) => {
    const why = unfit.get(invariant);
    if (why !== undefined)
      return { invariant, kinds: [], verdict: { outcome: 'not-decided', why } };
    const kinds = kindsOfRequest(schema, invariant);
    return { invariant, kinds, verdict: { outcome: 'holds', kinds: kinds.length } };
  });
}

async function proveAll(means: Means, tasks: readonly Task[]): Promise<void> {
  const { read, defaults } = means.set;
  const proved: ProvedSet = { ...read, defaults };
  const byKind = Map.groupBy(
    tasks.flatMap((task) => task.kinds.map((kind) => ({ task, kind }))),
    ({ kind }) => JSON.stringify(kind),
  );
  for (const group of byKind.values()) {
    const [first] = group;
    if (first !== undefined) {
      const of = group.map(({ task }) => task);
      await proveKind({ ...means, proved }, first.kind, of);
    }
  }
}

type KindMeans = Means & { readonly proved: ProvedSet };

async function proveKind(
  means: KindMeans,
  kind: KindOfRequest,
  tasks: readonly Task[],
): Promise<void> {
  const run = (looksInside: boolean) =>
    proveTasks(means, tasks, declareWorld(means.proved, kind, new Script({ looksInside })));
  try {
    await run(false).catch((error: unknown) => {
      if (error instanceof TextsNeeded) return run(true);
      throw error;
    });
  } catch (error) {
    const why = `${whyUndecided(error)} It concerns ${kind.action} by ${shortName(kind.principalType)}.`;
    for (const task of tasks) {
      if (task.verdict.outcome === 'holds') task.verdict = { outcome: 'not-decided', why };
    }
  }
}

async function proveTasks(means: KindMeans, tasks: readonly Task[], world: World): Promise<void> {
  const isPermitted = encodeDecision(means.proved, world);
  means.questions.begin(world.script.take());
  for (const task of tasks) {
    if (task.verdict.outcome === 'broken') continue;
    // What one invariant defines is no part of another's question.
    const own = { ...world, script: world.script.branch() };
    const verdict = await proveOne(means, task.invariant, { world: own, isPermitted });
    if (verdict !== undefined) task.verdict = verdict;
  }
}

/** A verdict that is worse than that it holds; none where it does. */
async function proveOne(
  means: KindMeans,
  invariant: Invariant,
  of: { readonly world: World; readonly isPermitted: Term },
): Promise<Verdict | undefined> {
  const { questions, proved, timeLimitMs } = means;
  const { script } = of.world;
  const violations = violationsOf(proved, invariant, of);
  const render = (term: Term) => script.render(`(assert ${term})`);
  const definitions = script.take();
  const all = or(...violations.map(({ term }) => term));
  if (all === FALSE) return undefined;
  // Mostly none is possible, which one question says.
  if (await questions.isImpossible(`${definitions}\n${render(all)}`, timeLimitMs)) return undefined;
  const solver = await questions.solver();
  return solver.inside(async () => {
    solver.tell(definitions);
    for (const violation of violations) {
      const verdict = await solver.inside(async () => {
        const found = await solver.check(render(violation.term), timeLimitMs);
        if (found === 'impossible') return undefined;
        if (found === 'unknown') return outOfTime(timeLimitMs);
        return counterexampleOf({ ...means, solver }, invariant, violation);
      });
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  });
}

function outOfTime(timeLimitMs: number): Verdict {
  const why = `The solver came to no end within ${timeLimitMs / 1_000} seconds.`;
  return { outcome: 'not-decided', why };
}

/** The plainest request that the solver finds, once the engine has decided it the same way. */
async function counterexampleOf(
  { set, solver, timeLimitMs }: Means & { readonly solver: Solver },
  invariant: Invariant,
  violation: Violation,
): Promise<Verdict> {
  const { script } = violation.permitted;
  const decode = async (wishes: readonly Term[]): Promise<Counterexample> => {
    const [wish, ...rest] = wishes;
    if (wish === undefined) {
      await solver.check('', timeLimitMs);
      const permitted = decodeQuestion(solver, violation.permitted);
      if (violation.refused === undefined) return { permitted };
      return { permitted, refused: decodeQuestion(solver, violation.refused) };
    }
    const granted = await solver.inside(async () =>
      (await solver.check(script.render(`(assert ${wish})`), WISH_LIMIT_MS)) === 'possible'
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
