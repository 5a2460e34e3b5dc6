import { limits, type Clock } from '@proofline/kernel';
import { createFailedCalls, type FailedCalls } from './failed-calls.ts';
import { createRateLimit } from './rate-limit.ts';

/** One call by somebody who has proved nothing. */
export interface UnprovedCall {
  readonly address: string;
  readonly routeId: string;
  /** The sign-in or the proof request that it is about. */
  readonly ceremonyId?: string | undefined;
}

/** Bounds how often somebody may call who has proved nothing. */
export interface CallerLimit {
  /** @throws ProblemError `request.too-many` */
  check(call: UnprovedCall): void;
  /** For routes that ask for a credential. */
  readonly failures: FailedCalls;
}

const WINDOW_MS = 60_000;

/**
 * Two counts, because many honest people may share one address. A site with 300 agents behind one
 * address, who all sign in within the minute in which their shift begins, calls one route at most
 * five times each (tries again and step-ups included): 1,500. One sign-in or proof takes five calls
 * or so; 60 leave room for a page that is loaded anew, and stop a loop before it uses up what its
 * neighbours share. None of this is what keeps secrets from being guessed: those have 128 bits, and
 * tries of short codes are counted by their own rooms.
 */
export function createCallerLimit(clock: Clock): CallerLimit {
  const byAddress = createRateLimit({
    clock,
    windowMs: WINDOW_MS,
    callsMax: limits.unprovedCallsPerMinuteMax,
    keysMax: 100_000,
  });
  const byCeremony = createRateLimit({
    clock,
    windowMs: WINDOW_MS,
    callsMax: limits.ceremonyCallsPerMinuteMax,
    keysMax: 100_000,
    // Ids are the caller's to invent: a table full of them must stop nobody else.
    whenFull: 'pass',
  });
  return {
    failures: createFailedCalls(clock),
    check({ address, routeId, ceremonyId }) {
      // The narrower one first: what it refuses is not counted against the neighbours.
      if (ceremonyId !== undefined)
        // Ids have fewer characters; a longer one is none, and not to be kept.
        byCeremony.check(`${routeId} ${address} ${ceremonyId.slice(0, 64)}`);
      byAddress.check(`${routeId} ${address}`);
    },
  };
}
