import { parentPort, workerData } from 'node:worker_threads';
import { compileRelease, diffInvariants, type Question } from '@proofline/policy';
import { provePolicies, SettledQuestions, type Proof } from '@proofline/policy-prover';
import type { ProofDone, ProofJob, ProofResult } from './messages.ts';

/** As many broken or undecided invariants are told of. */
const TOLD_MAX = 50;

// `proof-bench.ts` starts the thread with this.
const { text, also, settled: before } = workerData as ProofJob;
const set = compileRelease(text);
// Of the live release those that this set has otherwise, or not: both must hold.
const kept = new Set(
  diffInvariants(also, set.invariants).flatMap(({ name, change }) =>
    change === 'removed' || change === 'changed' ? [name] : [],
  ),
);
const further = also.filter(({ name }) => kept.has(name));
const settled = new SettledQuestions(before);
const proofs = await provePolicies(set, [...set.invariants, ...further], { settled });
const done: ProofDone = { result: resultOf(proofs), settled: settled.all() };
parentPort?.postMessage(done);

function resultOf(all: readonly Proof[]): ProofResult {
  const broken = all.flatMap((proof) => {
    if (proof.outcome !== 'broken') return [];
    const { permitted, refused } = proof.counterexample;
    const shown = { permitted: plain(permitted), ...(refused && { refused: plain(refused) }) };
    return [{ ...told(proof), ...shown }];
  });
  const undecided = all.flatMap((proof) =>
    proof.outcome === 'not-decided' ? [{ ...told(proof), why: proof.why }] : [],
  );
  return {
    holding: all.length - broken.length - undecided.length,
    broken: broken.slice(0, TOLD_MAX),
    undecided: undecided.slice(0, TOLD_MAX),
  };
}

function told({ invariant: { name, says } }: Proof) {
  return { name, says };
}

function plain(question: Question): ProofResult['broken'][number]['permitted'] {
  // What `JSON.parse` answers is JSON; its type says `any`.
  return JSON.parse(JSON.stringify(question)) as ProofResult['broken'][number]['permitted'];
}
