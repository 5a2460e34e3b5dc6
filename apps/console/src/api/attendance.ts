import type { Clock } from '@proofline/kernel';

/** Whether somebody is at this screen. */
export interface Attendance {
  /** Somebody touched it, here or in another tab. */
  touched(): void;
  /** For how long nobody has. */
  quietMs(): number;
}

/** Waits on a server count as being there; what a page does by itself after that does not. */
const ATTENDED_MS = 30_000;

/** An {@link Attendance} that begins with somebody who has just opened the page. */
export function createAttendance(clock: Clock): Attendance {
  let touchedAtMs = clock.now();
  return {
    touched: () => void (touchedAtMs = clock.now()),
    quietMs: () => clock.now() - touchedAtMs,
  };
}

/** Whether what is asked now is asked by a page that nobody is at. */
export function isUnattended(attendance: Attendance): boolean {
  return attendance.quietMs() > ATTENDED_MS;
}
