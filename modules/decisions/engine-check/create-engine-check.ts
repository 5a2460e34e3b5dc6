import { Worker } from 'node:worker_threads';
import type { CompiledPolicies, Evaluation, PolicySet, Question } from '@proofline/policy';
import { oracleEngine } from '@proofline/policy/oracle';
import type { FromWorker, ToWorker } from './messages.ts';

/** Answers that wait for the oracle at most; more are let go unchecked, so that no memory fills. */
const WAITING_MAX = 64;

/** Compares a share of our engine's answers with the Cedar project's, beside the way of requests. */
export interface EngineCheck {
  /** The same policies; a share of the answers is looked at. After a difference, all are the oracle's. */
  watch(set: PolicySet): PolicySet;
}

/** What the check needs. */
export interface EngineCheckDeps {
  /** Every how many answers one is compared; 0: none. */
  readonly every: number;
  /** The two engines differ about a release: told once for each. Must not throw. */
  readonly onDifference: (digest: string) => void;
}

/** Starts no worker before the first answer that is compared. */
export function createEngineCheck({ every, onDifference }: EngineCheckDeps): EngineCheck {
  const differing = new Set<string>();
  const oracle = createOracle((digest) => {
    if (differing.has(digest)) return;
    differing.add(digest);
    onDifference(digest);
  });
  let seen = 0;

  return {
    watch(set) {
      let fallback: CompiledPolicies | undefined;
      const insteadOfOurs = (): CompiledPolicies | undefined => {
        if (!differing.has(set.digest)) return undefined;
        return (fallback ??= oracleEngine.compile(set));
      };
      const evaluate = (question: Question): Evaluation => {
        const instead = insteadOfOurs();
        if (instead !== undefined) return instead.evaluate(question);
        const answer = set.compiled.evaluate(question);
        seen += 1;
        if (every > 0 && seen % every === 0) oracle.compare(set, question, answer);
        return answer;
      };
      // What is only supposed is no decision, and not compared.
      const suppose: CompiledPolicies['suppose'] = (question) =>
        (insteadOfOurs() ?? set.compiled).suppose(question);
      return { ...set, compiled: { evaluate, suppose } };
    },
  };
}

/** The Cedar project's engine on a thread of its own. */
function createOracle(onDifference: (digest: string) => void) {
  let worker: Worker | undefined;
  /** The release that is in force, and its stage: less than the worker keeps. */
  let told: readonly string[] = [];
  let waiting = 0;

  const start = (): Worker => {
    const started = new Worker(new URL('./oracle-worker.ts', import.meta.url));
    // A check must not keep a process alive, nor end one: after an error comes the exit, and the
    // next answer that is compared starts another worker.
    started.on('error', () => undefined);
    started.on('exit', () => {
      [worker, told, waiting] = [undefined, [], 0];
    });
    started.on('message', ({ agrees, digest }: FromWorker) => {
      waiting -= 1;
      if (!agrees) onDifference(digest);
    });
    // Last: to listen for messages holds the process again.
    started.unref();
    return started;
  };

  return {
    compare(set: PolicySet, question: Question, answer: Evaluation): void {
      if (waiting >= WAITING_MAX) return;
      worker ??= start();
      const send = (message: ToWorker) => worker?.postMessage(message);
      if (!told.includes(set.digest)) {
        send({ kind: 'release', source: set.source });
        told = [...told, set.digest].slice(-2);
      }
      waiting += 1;
      send({ kind: 'question', digest: set.digest, question, answer });
    },
  };
}
