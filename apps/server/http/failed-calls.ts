import { limits, type Clock } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError } from '@proofline/protocol';
import { createRateLimit } from './rate-limit.ts';

/** A credential that somebody sends, before anybody knows whether it is one. */
export interface Attempt {
  readonly kind: 'staff' | 'customer' | 'provisioner';
  readonly address: string;
  readonly credential: string;
}

/** Counts credentials that were none, by address, and remembers those that were. */
export interface FailedCalls {
  /** @throws ProblemError `request.too-many` when it is not worth a look any more */
  check(attempt: Attempt): void;
  isKnown(attempt: Attempt): boolean;
  /** @throws ProblemError `request.too-many` when it was one too many */
  failed(attempt: Attempt): void;
  proved(attempt: Attempt): void;
}

const WINDOW_MS = 60_000;
const KNOWN_MAX = 50_000;

/**
 * Honest people fail, too, and many at once: when the sessions of a site with 300 agents end in one
 * act, each console has up to six requests under way, its stream comes back, and a person tries
 * again; ten each, 3,000. Their tokens are signed, so that an invented one costs no look into the
 * database. A customer's cookie costs one, and ends by itself when its session does: 300 a minute
 * are more than the customers behind one address let lapse.
 *
 * Two more things keep an attacker from locking out such a site from inside of its own network. Staff
 * and customers are counted apart. And who was let in lately is never refused for what others at their
 * address did, so that only those who are just signing in wait for the rest of the minute.
 *
 * To be known opens nothing: each request is proved anew, and one whose session has ended is not
 * known any more. Services are not counted: what they send is checked without the database.
 */
export function createFailedCalls(clock: Clock): FailedCalls {
  const table = (callsMax: number) =>
    createRateLimit({ clock, windowMs: WINDOW_MS, callsMax, keysMax: 100_000, whenFull: 'pass' });
  const failures = {
    staff: table(limits.failedStaffCallsPerMinuteMax),
    customer: table(limits.failedCustomerCallsPerMinuteMax),
    // A token that was renewed without telling the directory is tried again and again.
    provisioner: table(limits.failedCustomerCallsPerMinuteMax),
  };
  // A Map keeps the order in which its keys came: the first one has been silent the longest.
  const known = new Map<string, true>();
  // Not the credential itself: nobody who reads this memory should hold one.
  const digestOf = ({ kind, credential }: Attempt) => `${kind} ${sha256Base64url(credential)}`;
  const isKnown = (attempt: Attempt) => known.has(digestOf(attempt));
  return {
    isKnown,
    check(attempt) {
      if (!failures[attempt.kind].isSpent(attempt.address) || isKnown(attempt)) return;
      throw new ProblemError('request.too-many');
    },
    failed(attempt) {
      known.delete(digestOf(attempt));
      failures[attempt.kind].check(attempt.address);
    },
    proved(attempt) {
      const digest = digestOf(attempt);
      known.delete(digest);
      known.set(digest, true);
      if (known.size <= KNOWN_MAX) return;
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    },
  };
}
