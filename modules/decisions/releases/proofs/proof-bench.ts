import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SettledQuestions, type Invariant } from '@proofline/policy-prover';
import { ProblemError, type CandidateProof } from '@proofline/protocol';
import type { CandidateRow } from '../../store/tables.ts';
import { textOf } from '../domain/verify-release.ts';
import type { ProofDone, ProofJob, ProofResult } from './messages.ts';

/** All invariants together; what takes longer is not decided. */
const PROOF_MAX_MS = 180_000;
/** Whoever makes a candidate live waits so long for a proof that is under way: a request has 15 s. */
const WAIT_MAX_MS = 8_000;
/** So many sets are remembered: each was a candidate a short while ago. */
const REMEMBERED_MAX = 50;

const PROVED = 'proved';

/**
 * What the solver found out in this process, so that a candidate that changes one policy is proved in
 * a moment. It is about texts of questions, not about candidates: it serves them all.
 */
const settled = new SettledQuestions();

type Candidate = Pick<CandidateRow, 'digest' | 'text' | 'state'>;

/** Proves candidates, one after the other, on threads of their own. */
export interface ProofBench {
  /** The invariants of the server’s own folder: no candidate brings or drops any. */
  setInvariants(invariants: readonly Invariant[]): void;
  /** What is known of a candidate now; one that is open and was not proved yet begins to be. */
  proofOf(candidate: Candidate): CandidateProof;
  /**
   * Waits a while for the proof. What counts is what this process proved of this very text, not what a
   * table says; gives how many invariants hold.
   *
   * @throws ProblemError `candidate.breaks-invariant`, `candidate.unproved`
   */
  requireProof(candidate: Candidate): Promise<number>;
}

export function createProofBench(): ProofBench {
  let invariants: readonly Invariant[] = [];
  const known = new Map<string, CandidateProof>();
  /** Texts that wait for their turn. */
  let waiting: string[] = [];
  let isBusy = false;
  const done = new EventTarget();

  const remember = (text: string, proof: CandidateProof) => {
    known.delete(text);
    known.set(text, proof);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest);
  };
  const work = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
      remember(text, stateOf(await prove(text, invariants)));
      done.dispatchEvent(new Event(PROVED));
    }
    isBusy = false;
  };
  const start = ({ text }: Candidate): CandidateProof => {
    const running: CandidateProof = { state: 'running', holding: 0, broken: [], undecided: [] };
    remember(text, running);
    waiting.push(text);
    void work();
    return running;
  };
  const proofOf = (candidate: Candidate): CandidateProof => {
    if (invariants.length === 0) return { state: 'none', holding: 0, broken: [], undecided: [] };
    const proof = known.get(candidate.text);
    if (proof !== undefined) return proof;
    if (candidate.state === 'open') return start(candidate);
    return { state: 'none', holding: 0, broken: [], undecided: [] };
  };

  return {
    setInvariants(given) {
      invariants = given;
      known.clear();
    },
    proofOf,
    async requireProof(candidate) {
      const late = AbortSignal.timeout(WAIT_MAX_MS);
      while (proofOf(candidate).state === 'running' && !late.aborted) {
        // Somebody waits for this one: it is next.
        const isNext = waiting.includes(candidate.text);
        waiting = waiting.filter((text) => text !== candidate.text);
        if (isNext) waiting.unshift(candidate.text);
        await once(done, PROVED, { signal: late }).catch(() => undefined);
      }
      const { state, holding } = proofOf(candidate);
      if (state === 'broken') throw new ProblemError('candidate.breaks-invariant');
      if (state === 'running' || state === 'not-decided') {
        throw new ProblemError('candidate.unproved');
      }
      return holding;
    },
  };
}

function stateOf(result: ProofResult): CandidateProof {
  if (result.broken.length > 0) return { state: 'broken', ...result };
  return { state: result.undecided.length > 0 ? 'not-decided' : 'proved', ...result };
}

/** Never rejects, also of a row that is no set of policies: the page that shows it must open. */
async function prove(text: string, invariants: readonly Invariant[]): Promise<ProofResult> {
  try {
    return await runWorker({ text: textOf({ text }), invariants, settled: settled.all() });
  } catch {
    return undecided(invariants, 'The candidate cannot be read.');
  }
}

function undecided(invariants: readonly Invariant[], why: string): ProofResult {
  const told = invariants.slice(0, 50).map(({ name, says }) => ({ name, says, why }));
  return { holding: 0, broken: [], undecided: told };
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
    const giveUp = (why: string) => end(undecided(job.invariants, why));
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
