import { once } from 'node:events';
import { sha256Base64url } from '@proofline/kernel/node';
import type { CandidateProof } from '@proofline/protocol';
import type { Provable } from '../domain/provable.ts';
import { textOf } from '../domain/verify-release.ts';
import { runProof } from './run-proof.ts';

/** Whoever puts something in force waits so long for a proof that is under way: a request has 15 s. */
const WAIT_MAX_MS = 8_000;
/** So many sets are remembered: each was a candidate a short while ago. */
const REMEMBERED_MAX = 50;

const PROVED = 'proved';

/** Proves sets of policies, one after the other, on threads of their own. */
export interface ProofBench {
  /** What is known now. */
  peek(provable: Provable): CandidateProof | undefined;
  /** The same; what was not proved yet begins to be. `isSpare`: after everything that somebody waits for. */
  proofOf(provable: Provable, isSpare?: boolean): CandidateProof;
  /** Waits a while for the proof. What counts is what this process proved, not what a table says. */
  waitFor(provable: Provable): Promise<CandidateProof>;
}

interface Waiting {
  readonly key: string;
  readonly provable: Provable;
  readonly isSpare: boolean;
}

export function createProofBench(): ProofBench {
  const known = new Map<string, CandidateProof>();
  let waiting: Waiting[] = [];
  let isBusy = false;
  const done = new EventTarget();

  const remember = (key: string, proof: CandidateProof) => {
    known.delete(key);
    known.set(key, proof);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest);
  };
  const work = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      remember(next.key, await runProof(next.provable));
      done.dispatchEvent(new Event(PROVED));
    }
    isBusy = false;
  };
  const put = (one: Waiting) => {
    waiting = [...waiting.filter(({ key }) => key !== one.key), one];
    // Sorting keeps the order of those that are alike.
    waiting = waiting.toSorted((a, b) => Number(a.isSpare) - Number(b.isSpare));
  };
  const proofOf = (provable: Provable, isSpare = false): CandidateProof => {
    const key = keyOf(provable);
    const found = known.get(key);
    if (found !== undefined) return found;
    const state = hasInvariants(provable) ? 'running' : 'none';
    const proof: CandidateProof = { state, holding: 0, broken: [], undecided: [] };
    remember(key, proof);
    if (state === 'running') {
      put({ key, provable, isSpare });
      void work();
    }
    return proof;
  };

  return {
    peek: (provable) => known.get(keyOf(provable)),
    proofOf,
    async waitFor(provable) {
      const late = AbortSignal.timeout(WAIT_MAX_MS);
      while (proofOf(provable).state === 'running' && !late.aborted) {
        const key = keyOf(provable);
        const own = waiting.find((one) => one.key === key);
        // Somebody waits for this one: it is next.
        if (own) waiting = [{ ...own, isSpare: false }, ...waiting.filter((one) => one !== own)];
        await once(done, PROVED, { signal: late }).catch(() => undefined);
      }
      return proofOf(provable);
    },
  };
}

function keyOf({ text, also }: Provable): string {
  return sha256Base64url(`${JSON.stringify(also)}\n${text}`);
}

/** What cannot be read has some, as far as anybody knows. */
function hasInvariants({ text, also }: Provable): boolean {
  if (also.length > 0) return true;
  try {
    return (textOf({ text }).invariants ?? []).length > 0;
  } catch {
    return true;
  }
}
