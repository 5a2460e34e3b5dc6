import { Worker } from 'node:worker_threads';
import type { CandidateProof } from '@proofline/protocol';
import { textOf } from '../domain/verify-release.ts';
import { SettledQuestions } from '@proofline/policy-prover';
import type { ProofDone, ProofJob, ProofResult } from './messages.ts';
import type { Provable } from '../domain/provable.ts';

/** All invariants together; what takes longer is not decided. */
const PROOF_MAX_MS = 180_000;

/**
 * What the solver found out in this process, so that a candidate that changes one policy is proved in
 * a moment. It is about texts of questions, not about candidates: it serves them all.
 */
const settled = new SettledQuestions();

/** Never rejects, also of a row that is no set of policies: the page that shows it must open. */
export async function runProof({ text, also }: Provable): Promise<CandidateProof> {
  try {
    return stateOf(await runWorker({ text: textOf({ text }), also, settled: settled.all() }));
  } catch {
    return stateOf(undecided('They cannot be read.'));
  }
}

function stateOf(result: ProofResult): CandidateProof {
  if (result.broken.length > 0) return { state: 'broken', ...result };
  return { state: result.undecided.length > 0 ? 'not-decided' : 'proved', ...result };
}

/** Of all invariants nothing is known. */
function undecided(why: string): ProofResult {
  const all = { name: 'invariants', says: 'All invariants of these policies.', why };
  return { holding: 0, broken: [], undecided: [all] };
}

/** What goes wrong in the thread is told as not decided. */
function runWorker(job: ProofJob): Promise<ProofResult> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./prove-worker.ts', import.meta.url), { workerData: job });
    const end = (result: ProofResult) => {
      clearTimeout(timer);
      resolve(result);
      void worker.terminate();
    };
    const giveUp = (why: string) => end(undecided(why));
    const timer = setTimeout(() => giveUp('The proof took too long.'), PROOF_MAX_MS);
    worker.on('message', (done: ProofDone) => {
      for (const digest of done.settled) settled.add(digest);
      end(done.result);
    });
    worker.on('error', () => giveUp('The thread that proves has failed.'));
    worker.on('exit', () => giveUp('The thread that proves has ended.'));
    // A proof must not keep a process from ending.
    timer.unref();
    worker.unref();
  });
}
