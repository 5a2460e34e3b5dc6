import type { Clock } from '@proofline/kernel';

const WINDOW_MS = 10 * 60 * 1000;
const ENTRIES_MAX = 10;
const KEYS_MAX = 1000;
const OVERFLOW = '';

/** How many refusals may become evidence, so that nobody can fill the log by failing. */
export interface RefusalBudget {
  /**
   * Asks to record a refusal under a key (a subject, an invitation, `unknown`). Answers how many of
   * that key went unrecorded since its last entry, or `undefined`: not now.
   */
  take(key: string): { readonly suppressed: number } | undefined;
}

interface Window {
  readonly startedAtMs: number;
  taken: number;
  suppressed: number;
}

/**
 * Ten entries per key in ten minutes; what is left out is counted and told in the next entry. Kept in
 * memory: at worst a restart lets ten more through.
 */
export function createRefusalBudget(clock: Clock): RefusalBudget {
  const windows = new Map<string, Window>();

  function open(key: string): Window {
    const startedAtMs = clock.now();
    const old = windows.get(key);
    if (old && startedAtMs - old.startedAtMs < WINDOW_MS) return old;
    const fresh = { startedAtMs, taken: 0, suppressed: old?.suppressed ?? 0 };
    windows.set(key, fresh);
    return fresh;
  }

  function forgetOver(): void {
    for (const [key, window] of windows) {
      if (clock.now() - window.startedAtMs >= WINDOW_MS) windows.delete(key);
    }
  }

  return {
    take(key) {
      if (!windows.has(key) && windows.size >= KEYS_MAX) forgetOver();
      // So many keys at once are an attack: they share one window.
      const window = open(windows.has(key) || windows.size < KEYS_MAX ? key : OVERFLOW);
      if (window.taken >= ENTRIES_MAX) {
        window.suppressed += 1;
        return undefined;
      }
      const { suppressed } = window;
      window.taken += 1;
      window.suppressed = 0;
      return { suppressed };
    },
  };
}
