import { lockOwnSession } from '@proofline/protocol';
import {
  createAuthorizedFetch,
  type AuthorizedFetchDeps,
  type TokenSource,
} from './authorized-fetch.ts';
import { requestOf } from './call-route.ts';
import { NoAnswer } from './refusal.ts';
import { createScreenLock, type ScreenLock } from './screen-lock.ts';
import type { StaffSession } from './staff-session.ts';

/** The lock of the session that this tab works in. */
export function lockOfSession(deps: {
  readonly origin: string;
  readonly sending: AuthorizedFetchDeps;
  readonly tokens: TokenSource;
  readonly session: StaffSession;
}): ScreenLock {
  const { origin, session, tokens } = deps;
  // What locks does not wait until nothing is locked.
  const sendAlways = createAuthorizedFetch(deps.sending);
  const lock = createScreenLock({
    async tellServer(because) {
      const request = requestOf(origin, lockOwnSession, { body: { because } });
      await sendAlways(request, tokens).catch((error: unknown) => {
        // Locked already, or over: the one or the other holds.
        if (error instanceof NoAnswer) throw error;
      });
    },
    pause: (ms) => new Promise((resolve) => window.setTimeout(resolve, ms)),
  });
  session.state.subscribe(() => {
    // Nobody is left whose work it would cover.
    if (session.state.get().kind === 'signed-out') lock.told(false);
  });
  return lock;
}
