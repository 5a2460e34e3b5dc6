import { digestOf, UNTOLD, type SettledQuestions } from './settled-questions.ts';
import type { Solver } from './solver.ts';

/** Asks a solver, which is started and told something only once a question is not settled. */
export class Questions {
  readonly #settled: SettledQuestions;
  readonly #start: () => Promise<Solver>;
  #told = UNTOLD;
  #script = '';
  #isTold = false;

  /** `start` gives the one solver, as often as it is asked. */
  constructor(settled: SettledQuestions, start: () => Promise<Solver>) {
    this.#settled = settled;
    this.#start = start;
  }

  /** Forgets everything, and is told this instead. */
  begin(script: string): void {
    this.#script = script;
    this.#told = digestOf(UNTOLD, script);
    this.#isTold = false;
  }

  /** Whether it is certain that this cannot be true together with what was told. */
  async isImpossible(script: string, timeLimitMs: number): Promise<boolean> {
    const digest = digestOf(this.#told, script);
    if (this.#settled.has(digest)) return true;
    const solver = await this.solver();
    const found = await solver.inside(() => solver.check(script, timeLimitMs));
    if (found !== 'impossible') return false;
    this.#settled.add(digest);
    return true;
  }

  /** The solver itself, which knows by then what was told. */
  async solver(): Promise<Solver> {
    const solver = await this.#start();
    if (!this.#isTold) solver.begin(this.#script);
    this.#isTold = true;
    return solver;
  }
}
