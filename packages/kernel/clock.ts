/** Where time comes from. Nothing below `apps` reads the system's clock by itself. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock for tests that stands still until it is moved. */
export function fixedClock(startMs = Date.UTC(2026, 10, 2, 9, 0, 0)): Clock & {
  advance(ms: number): void;
} {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}
