import { parentPort, workerData } from 'node:worker_threads';
import { compileRelease, type Question } from '@proofline/policy';
import { provePolicies } from '@proofline/policy-prover';
import type { ProofJob, ProofResult } from './messages.ts';

/** As many broken or undecided invariants are told of. */
const TOLD_MAX = 50;

// This module starts the thread, with data of this form.
const { text, invariants } = workerData as ProofJob;
const proofs = await provePolicies(compileRelease(text), invariants);
const result: ProofResult = {
  holding: proofs.filter(({ outcome }) => outcome === 'holds').length,
  broken: proofs
    .flatMap((proof) => {
      if (proof.outcome !== 'broken') return [];
      const { permitted, refused } = proof.counterexample;
      return [
        {
          ...told(proof),
          permitted: plain(permitted),
          ...(refused && { refused: plain(refused) }),
        },
      ];
    })
    .slice(0, TOLD_MAX),
  undecided: proofs
    .flatMap((proof) =>
      proof.outcome === 'not-decided' ? [{ ...told(proof), why: proof.why }] : [],
    )
    .slice(0, TOLD_MAX),
};
parentPort?.postMessage(result);

function told({ invariant: { name, says } }: (typeof proofs)[number]) {
  return { name, says };
}

function plain(question: Question): ProofResult['broken'][number]['permitted'] {
  // What `JSON.parse` answers is JSON; its type says `any`.
  return JSON.parse(JSON.stringify(question)) as ProofResult['broken'][number]['permitted'];
}
