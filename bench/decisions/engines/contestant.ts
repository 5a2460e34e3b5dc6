import type { Expected } from '../workload.ts';

/** An engine under test, alone in its process. */
export interface Contestant {
  /** From texts to the ability to answer: what each step took. */
  readonly load: () => Promise<readonly Step[]> | readonly Step[];
  /** Makes the inputs of the hot loop. */
  readonly takeRequests: () => void;
  /** How many different requests there are. */
  readonly count: () => number;
  /** Decides one request; the loop that is measured calls nothing else. */
  readonly ask: (index: number) => unknown;
  /** Compares an answer with the oracle's. @throws {Error} where it is another */
  readonly check: (index: number) => void;
}

/** A part of the start, in milliseconds of wall-clock time. */
export interface Step {
  readonly name: string;
  readonly ms: number;
}

/** Runs a step and keeps what it took. */
export function timed<T>(steps: Step[], name: string, run: () => T): T {
  const start = performance.now();
  const result = run();
  steps.push({ name, ms: performance.now() - start });
  return result;
}

/** @throws {Error} where an answer is another than the oracle's; ids are compared where there are any. */
export function compare(
  index: number,
  given: { readonly allowed: boolean; readonly determining?: readonly string[] },
  expected: Expected | undefined,
): void {
  const isRight =
    given.allowed === expected?.allowed &&
    (given.determining === undefined ||
      given.determining.toSorted().join() === expected.determining.join());
  if (isRight) return;
  const [was, should] = [given, expected].map((one) => JSON.stringify(one));
  throw new Error(`request ${index}: the answer was ${was}, and should be ${should}`);
}
