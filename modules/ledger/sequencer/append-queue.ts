import { ProblemError } from '@proofline/protocol';
import type { PlacedEntry } from '../domain/recent-entries.ts';
import type { DisclosureRow } from '../store/disclosure-rows.ts';
import type { Receipt } from '../types.ts';

/** Entries that wait for their turn; more are refused. */
const WAITING_MAX = 4_000;

/** An entry that changes nothing besides the log, on its way straight into it. */
export interface Appended {
  readonly entry: PlacedEntry;
  readonly leaf: string;
  readonly disclosures: readonly DisclosureRow[];
}

/** An entry that waits, with whom to tell. */
export interface WaitingAppend extends Appended {
  /** Its turn failed before: it may be in the log already. */
  wasTried: boolean;
  /** Nobody waits for it any more. */
  isGivenUp: boolean;
  settle(receipt: Receipt): void;
  refuse(reason: string): void;
}

/** Entries that nobody’s change hangs on: they need no outbox, and unacknowledged ones end with the process. */
export interface AppendQueue {
  /** @throws ProblemError `evidence.unavailable` after the limit, `server.busy` when too many wait. */
  push(appended: Appended): Promise<Receipt>;
  /** The oldest, in order. */
  take(count: number): WaitingAppend[];
  /** Their turn failed: they are tried again, as long as somebody waits. */
  putBack(taken: readonly WaitingAppend[]): void;
  refuseAll(reason: string): void;
}

/** @see AppendQueue; nobody waits longer than `limitMs`. */
export function createAppendQueue(limitMs: number): AppendQueue {
  let waiting: WaitingAppend[] = [];
  return {
    push(appended) {
      if (waiting.length >= WAITING_MAX) return Promise.reject(new ProblemError('server.busy'));
      const { promise, resolve, reject } = Promise.withResolvers<Receipt>();
      const one: WaitingAppend = {
        ...appended,
        wasTried: false,
        isGivenUp: false,
        settle: resolve,
        refuse: (reason) => reject(new ProblemError('evidence.unavailable', { internal: reason })),
      };
      const timer = setTimeout(() => {
        // What is under way may still come into the log; what waits does not.
        one.isGivenUp = true;
        one.refuse('not sequenced within the limit');
      }, limitMs);
      waiting.push(one);
      return promise.finally(() => clearTimeout(timer));
    },
    take(count) {
      const taken = waiting.slice(0, count);
      waiting = waiting.slice(count);
      return taken.filter((one) => !one.isGivenUp);
    },
    putBack(taken) {
      for (const one of taken) one.wasTried = true;
      waiting = [...taken, ...waiting].filter((one) => !one.isGivenUp);
    },
    refuseAll(reason) {
      for (const { refuse } of waiting.splice(0)) refuse(reason);
    },
  };
}
