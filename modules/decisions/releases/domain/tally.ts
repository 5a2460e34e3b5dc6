import type { Decision, PolicyChange } from '@proofline/protocol';
import type { OutcomeDifference } from './compare-outcomes.ts';

/** As many differing decisions are kept whole between two writings. */
const SAMPLES_MAX = 100;
/** As many different names are counted between two writings. */
const NAMES_MAX = 2_000;

/** One differing decision. */
export interface DifferenceSample {
  readonly decision: Decision;
  readonly subjectId: string;
  readonly difference: OutcomeDifference;
}

/** How often a policy or a subject was met by a change. */
export interface DifferenceCount {
  readonly about: 'policy' | 'subject';
  readonly name: string;
  readonly change: PolicyChange;
  readonly count: number;
}

/** Counts differences, bounded, until somebody takes the counts and writes them down. */
export interface Tally {
  add(sample: DifferenceSample): void;
  take(): {
    readonly counts: readonly DifferenceCount[];
    readonly samples: readonly DifferenceSample[];
  };
}

/** @see Tally */
export function createTally(): Tally {
  let counts = new Map<string, DifferenceCount>();
  let samples: DifferenceSample[] = [];
  const count = (about: DifferenceCount['about'], name: string, change: PolicyChange) => {
    const key = JSON.stringify([about, name, change]);
    const known = counts.get(key);
    if (known === undefined && counts.size >= NAMES_MAX) return;
    counts.set(key, { about, name, change, count: (known?.count ?? 0) + 1 });
  };
  return {
    add(sample) {
      const { change, because } = sample.difference;
      for (const policy of because) count('policy', policy, change);
      if (change !== 'otherwise') count('subject', sample.subjectId, change);
      if (samples.length < SAMPLES_MAX) samples.push(sample);
    },
    take() {
      const taken = { counts: [...counts.values()], samples };
      counts = new Map();
      samples = [];
      return taken;
    },
  };
}
