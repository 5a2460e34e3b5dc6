import type { ConsoleSession } from '../../demo/actors/console-session.ts';
import { percentiles } from '../decisions/engines/sample.ts';
import { cpuSecondsOf } from '../decisions/network/cpu-seconds.ts';
import type { Person } from './people.ts';

/**
 * `sign-in`: a browser that nobody is signed in in; pushed request, page, options, assertion, code,
 * token. `step-up`: the same in a live session that must prove itself anew (`max_age=0`).
 */
export type Act = 'sign-in' | 'step-up';

/** What so many people at once got. Times are of the whole act, in milliseconds. */
export interface Measured {
  readonly database: string;
  readonly what: Act;
  readonly callers: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Of the server's process, without the database's and the callers'. */
  readonly serverCpuMs?: number;
}

interface Asked {
  readonly people: readonly Person[];
  readonly what: Act;
  readonly callers: number;
  readonly forMs: number;
  readonly pid: number | undefined;
}

/** Lets the first so many people act, each one thing after the other, for about so long. */
export async function measurePeople(asked: Asked): Promise<Omit<Measured, 'database'>> {
  const { people, what, callers, forMs, pid } = asked;
  const seated = people.slice(0, callers);
  const acts = await Promise.all(seated.map((person) => actOf(person, what)));
  const times: number[] = [];
  const cpuBefore = cpuSecondsOf(pid);
  const start = performance.now();
  const run = async (act: () => Promise<void>): Promise<void> => {
    while (performance.now() - start < forMs) {
      const before = performance.now();
      await act();
      times.push(performance.now() - before);
    }
  };
  await Promise.all(acts.map(run));
  const seconds = (performance.now() - start) / 1_000;
  const cpuAfter = cpuSecondsOf(pid);
  const { p50, p99 } = percentiles(Float64Array.from(times));
  const p95 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;
  return {
    what,
    callers,
    perSecond: times.length / seconds,
    p50Ms: p50,
    p95Ms: p95,
    p99Ms: p99,
    ...(cpuBefore !== undefined &&
      cpuAfter !== undefined && { serverCpuMs: ((cpuAfter - cpuBefore) * 1e3) / times.length }),
  };
}

/** Once before the time runs: the server has then seen everybody. */
async function actOf(person: Person, what: Act): Promise<() => Promise<void>> {
  const console: ConsoleSession = await person.fresh();
  await console.signIn();
  if (what === 'step-up') return () => console.signIn({ maxAgeSeconds: 0 });
  return async () => (await person.fresh()).signIn();
}
