import { percentiles } from '../decisions/engines/sample.ts';
import { cpuSecondsOf } from '../decisions/network/cpu-seconds.ts';
import { cpuOfFamily } from './cpu-of-family.ts';
import { makeKeys, type Person } from './people.ts';

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
  /** Of the server's process; where the database is embedded, that is in it. */
  readonly serverCpuMs?: number;
  readonly databaseCpuMs?: number;
  readonly callerCpuMs: number;
}

/** More than any server here signs in. */
const KEYS_A_SECOND = 400;

interface Asked {
  readonly people: readonly Person[];
  readonly what: Act;
  readonly callers: number;
  readonly forMs: number;
  readonly pid: number | undefined;
  readonly databasePid?: number | undefined;
}

/** Lets the first so many people act, each one thing after the other, for about so long. */
export async function measurePeople(asked: Asked): Promise<Omit<Measured, 'database'>> {
  const { people, what, callers, forMs } = asked;
  const seated = people.slice(0, callers);
  const keys = makeKeys(Math.ceil((forMs / 1_000) * KEYS_A_SECOND));
  const acts = await Promise.all(seated.map((person) => actOf(person, what, keys)));
  const times: number[] = [];
  const before = spentBy(asked);
  const start = performance.now();
  const run = async (act: () => Promise<void>): Promise<void> => {
    while (performance.now() - start < forMs) {
      const began = performance.now();
      await act();
      times.push(performance.now() - began);
    }
  };
  await Promise.all(acts.map(run));
  const seconds = (performance.now() - start) / 1_000;
  const after = spentBy(asked);
  const each = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : ((to - from) * 1e3) / times.length;
  const serverCpuMs = each(before.server, after.server);
  const databaseCpuMs = each(before.database, after.database);
  const { p50, p99 } = percentiles(Float64Array.from(times));
  const p95 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;
  return {
    what,
    callers,
    perSecond: times.length / seconds,
    p50Ms: p50,
    p95Ms: p95,
    p99Ms: p99,
    ...(serverCpuMs !== undefined && { serverCpuMs }),
    ...(databaseCpuMs !== undefined && { databaseCpuMs }),
    callerCpuMs: ((after.caller - before.caller) * 1e3) / times.length,
  };
}

/** Seconds of CPU so far. */
function spentBy({ pid, databasePid }: Asked) {
  const { user, system } = process.cpuUsage();
  return {
    server: cpuSecondsOf(pid),
    database: cpuOfFamily(databasePid),
    caller: (user + system) / 1e6,
  };
}

/** Once before the time runs: the server has then seen everybody. */
async function actOf(
  person: Person,
  what: Act,
  keys: ReturnType<typeof makeKeys>,
): Promise<() => Promise<void>> {
  const browser = person.fresh(keys());
  await browser.signIn();
  if (what === 'step-up') return () => browser.signIn({ maxAgeSeconds: 0 });
  return () => person.fresh(keys()).signIn();
}
