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

/** A call that was counted as one by somebody who has proved nothing. */
export interface CountedCall {
  /** It was a client’s that has proved itself: it is counted as that client’s, as long as they have room. */
  provedBy(clientId: string): void;
}

/** Bounds how often somebody may call who has proved nothing. */
export interface CallerLimit {
  /** @throws ProblemError `request.too-many` */
  check(call: UnprovedCall): CountedCall;
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
 *
 * A website signs all of its visitors in from one address, its server’s, whoever they are. Its calls prove
 * which client it is, so each such client has a count of its own at its address: 500 a second, more than
 * the issuer gives. Nobody else at that address uses it up, and nobody elsewhere.
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
  const byClient = createRateLimit({
    clock,
    windowMs: WINDOW_MS,
    callsMax: limits.provedCallsPerMinuteMax,
    keysMax: 100_000,
    whenFull: 'pass',
  });
  return {
    failures: createFailedCalls(clock),
    check({ address, routeId, ceremonyId }) {
      // The narrower one first: what it refuses is not counted against the neighbours.
      if (ceremonyId !== undefined)
        // Ids have fewer characters; a longer one is none, and not to be kept.
        byCeremony.check(`${routeId} ${address} ${ceremonyId.slice(0, 64)}`);
      const key = `${routeId} ${address}`;
      const takeBack = byAddress.check(key);
      return {
        provedBy(clientId) {
          if (byClient.isSpent(`${key} ${clientId}`)) return;
          byClient.check(`${key} ${clientId}`);
          takeBack();
        },
      };
    },
  };
}
