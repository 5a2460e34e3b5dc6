/** The SMT solver Z3, compiled to WebAssembly, behind the few things that a proof asks of it. */
export interface Solver {
  /** Forgets everything, and is told this instead. */
  begin(script: string): void;
  /** Is told more. */
  tell(script: string): void;
  /** Is told more, and answers whether all of it can be true at once. */
  check(script: string, timeLimitMs: number): Promise<'possible' | 'impossible' | 'unknown'>;
  /** Forgets afterwards what it was told meanwhile. */
  inside<T>(work: () => Promise<T>): Promise<T>;
  /** What the terms are in the case that `check` found possible, as an S-expression. */
  valuesOf(terms: readonly string[]): string;
  /** Ends its threads, which would keep the process alive. */
  close(): Promise<void>;
}

/** The solver did not understand what it was told, or could not go on. */
export class SolverFailure extends Error {
  override readonly name = 'SolverFailure';
}

/** How long after its own limit a check is broken off from outside. */
const GRACE_MS = 2_000;

/** Starts the solver: about a second, and 150 MB until it is closed. */
export async function startSolver(): Promise<Solver> {
  // Loaded only here: nobody who proves nothing pays for it.
  const { init, killThreads } = await import('z3-solver');
  // What it says of threads that were ended is nobody’s concern.
  const { Z3, ...more } = await init({ printErr: () => undefined });
  // Untyped there; the names are those of Emscripten and of z3-solver’s own wrapper, version 5.2.0.
  const em = more.em as Program;
  const context = Z3.mk_context(Z3.mk_config());
  const { run, runBeside } = createEvaluator(em, context);
  const heard = (said: string): string => {
    if (said.includes('(error')) throw new SolverFailure(said.trim().slice(0, 300));
    return said.trim();
  };
  const tell = (commands: string) => heard(run(commands));
  return {
    begin: (script) => void tell(`(reset)\n${script}`),
    tell: (script) => void tell(script),
    async check(script, timeLimitMs) {
      const limit = `(set-option :timeout ${Math.max(1, Math.ceil(timeLimitMs))})`;
      const stop = setTimeout(() => Z3.interrupt(context), timeLimitMs + GRACE_MS);
      try {
        const said = heard(await runBeside(`${limit}\n${script}\n(check-sat)`));
        if (said === 'sat') return 'possible';
        return said === 'unsat' ? 'impossible' : 'unknown';
      } finally {
        clearTimeout(stop);
      }
    },
    async inside(work) {
      tell('(push)');
      const result = await work();
      // After a failure the next thing is `begin`.
      tell('(pop)');
      return result;
    },
    valuesOf: (terms) => tell(`(get-value (${terms.join(' ')}))`),
    close: () => killThreads(em),
  };
}

/** What is used of the compiled program itself. */
interface Program {
  readonly HEAPU32: Uint32Array;
  readonly _malloc: (sizeBytes: number) => number;
  readonly _free: (address: number) => void;
  readonly UTF8ToString: (address: number) => string;
  readonly _Z3_eval_smtlib2_string: (context: number, commands: number) => number;
  readonly _async_Z3_eval_smtlib2_string: (context: number, commands: number) => void;
  readonly async_call: (run: () => void) => Promise<string>;
}

/**
 * Runs commands: what takes no time here, a check on a thread beside. Not `Z3.eval_smtlib2_string`,
 * which puts the text on the stack and leaves it before the thread has read it.
 */
function createEvaluator(program: Program, context: unknown) {
  // A context is an address; the type of the package only keeps it apart from other addresses.
  const address = context as number;
  const place = (commands: string): number => {
    const bytes = new TextEncoder().encode(`${commands}\0`);
    const at = program._malloc(bytes.length);
    new Uint8Array(program.HEAPU32.buffer).set(bytes, at);
    return at;
  };
  return {
    run(commands: string): string {
      const at = place(commands);
      try {
        return program.UTF8ToString(program._Z3_eval_smtlib2_string(address, at));
      } finally {
        program._free(at);
      }
    },
    async runBeside(commands: string): Promise<string> {
      const at = place(commands);
      try {
        const begin = program._async_Z3_eval_smtlib2_string;
        return await program.async_call(() => begin(address, at));
      } finally {
        program._free(at);
      }
    },
  };
}
