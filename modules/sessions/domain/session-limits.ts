import type { Realm } from '@proofline/protocol';

interface SessionLimits {
  /** Without a request for this long, the session is over. */
  readonly idleSeconds: number;
  /** However busy, the session is over after this. */
  readonly absoluteSeconds: number;
}

/** A shift for staff; one visit for customers. */
export const sessionLimits: Record<Realm, SessionLimits> = {
  workforce: { idleSeconds: 30 * 60, absoluteSeconds: 10 * 60 * 60 },
  customers: { idleSeconds: 30 * 60, absoluteSeconds: 2 * 60 * 60 },
};

/** The times that decide whether a session lives. */
export interface SessionTimes {
  readonly realm: Realm;
  readonly lastSeenAtMs: number;
  readonly expiresAtMs: number;
  readonly ended: boolean;
}

/** Why a session is over, or `undefined` while it lives. */
export function whyOver(times: SessionTimes, nowMs: number): string | undefined {
  if (times.ended) return 'ended';
  if (nowMs >= times.expiresAtMs) return 'absolute-limit';
  const idleMs = nowMs - times.lastSeenAtMs;
  return idleMs >= sessionLimits[times.realm].idleSeconds * 1000 ? 'idle-limit' : undefined;
}
