import type { Realm, SignInMode } from '@proofline/protocol';

/** How long a session may be left alone, and how long it may last. */
export interface SessionLimits {
  /** Left alone for this long, it locks; a touch of its own passkey opens it again. */
  readonly lockSeconds: number;
  /** Left alone for this long, locked or not, it is over. */
  readonly idleSeconds: number;
  /** However busy, it is over after this. */
  readonly absoluteSeconds: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * Staff, by where they signed in. A locked session does nothing, so at a machine of one's own it outlasts a
 * lunch; NIST SP 800-63B-4 §2.3.3 asks for a new proof after 15 idle minutes at the latest.
 */
const ofStaff: Readonly<Record<SignInMode, SessionLimits>> = {
  personal: { lockSeconds: 10 * MINUTE, idleSeconds: 4 * HOUR, absoluteSeconds: 10 * HOUR },
  vdi: { lockSeconds: 5 * MINUTE, idleSeconds: HOUR, absoluteSeconds: 8 * HOUR },
  'shared-workstation': {
    lockSeconds: 3 * MINUTE,
    idleSeconds: 15 * MINUTE,
    absoluteSeconds: 4 * HOUR,
  },
  kiosk: { lockSeconds: MINUTE, idleSeconds: 5 * MINUTE, absoluteSeconds: 30 * MINUTE },
};

/** One visit. A customer's page has nothing to lock: it shows what they sign, and then nothing. */
const ofCustomers: SessionLimits = {
  lockSeconds: Number.POSITIVE_INFINITY,
  idleSeconds: 30 * MINUTE,
  absoluteSeconds: 2 * HOUR,
};

/** The limits of a session of this realm, begun in this mode. */
export function limitsOf(realm: Realm, mode: SignInMode): SessionLimits {
  return realm === 'workforce' ? ofStaff[mode] : ofCustomers;
}

/** The times that decide whether a session lives. */
export interface SessionTimes {
  readonly realm: Realm;
  readonly mode: SignInMode;
  readonly lastSeenAtMs: number;
  readonly expiresAtMs: number;
  readonly ended: boolean;
  readonly locked: boolean;
}

/** Why a session is over, or `undefined` while it lives. */
export function whyOver(times: SessionTimes, nowMs: number): string | undefined {
  if (times.ended) return 'ended';
  if (nowMs >= times.expiresAtMs) return 'absolute-limit';
  const { idleSeconds } = limitsOf(times.realm, times.mode);
  return nowMs - times.lastSeenAtMs >= idleSeconds * 1000 ? 'idle-limit' : undefined;
}

/** Whether a session is locked: by hand, or because it was left alone. */
export function isLocked(times: SessionTimes, nowMs: number): boolean {
  const { lockSeconds } = limitsOf(times.realm, times.mode);
  return times.locked || nowMs - times.lastSeenAtMs >= lockSeconds * 1000;
}

/** A write per request would be a disk flush per request; this is fine enough for the limits. */
export function touchEveryMs(realm: Realm, mode: SignInMode): number {
  return Math.min(MINUTE, limitsOf(realm, mode).lockSeconds / 10) * 1000;
}
