import {
  answerOf,
  makeRequests,
  makeRules,
  type BenchRequest,
  type Expected,
  type Rule,
} from './workload.ts';

/** How many policies there are; 60 for each tenant. */
export const sizes = [60, 600, 3000] as const;
export type Size = (typeof sizes)[number];

export interface Workload {
  readonly rules: readonly Rule[];
  readonly requests: readonly BenchRequest[];
  /** The oracle's answers, in the order of the requests. */
  readonly expected: readonly Expected[];
}

const REQUESTS = 5_000;
const RULES_PER_TENANT = 60;

/** The same rules and requests in every process and on every day. */
export function workloadOf(size: Size): Workload {
  const rules = makeRules(size, chanceFrom(1));
  const requests = makeRequests(REQUESTS, size / RULES_PER_TENANT, chanceFrom(2));
  return { rules, requests, expected: requests.map((request) => answerOf(rules, request)) };
}

/** Requests of one person for many resources, as a batch of Cerbos has them. */
export function batchesOf({ rules, requests }: Workload, length: number) {
  return Array.from({ length: Math.floor(requests.length / length) }, (_, index) => {
    const slice = requests.slice(index * length, (index + 1) * length);
    const [{ agent, role } = { agent: '', role: '' }] = slice;
    const batch = slice.map((request): BenchRequest => ({ ...request, agent, role }));
    return { requests: batch, expected: batch.map((request) => answerOf(rules, request)) };
  });
}

/** Numbers from 0 to 1 that are the same every time (mulberry32). */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
