import { describe, expect, it } from 'vitest';
import { sessionLimits, whyOver } from './session-limits.ts';

const start = Date.UTC(2026, 10, 2, 9);

describe('the limits of a session', () => {
  it('are on the second, for both realms', () => {
    for (const realm of ['workforce', 'customers'] as const) {
      const { idleSeconds, absoluteSeconds } = sessionLimits[realm];
      const expiresAtMs = start + absoluteSeconds * 1000;
      const times = { realm, lastSeenAtMs: start, expiresAtMs, ended: false };
      const idleAt = start + idleSeconds * 1000;
      expect(whyOver(times, idleAt - 1)).toBeUndefined();
      expect(whyOver(times, idleAt)).toBe('idle-limit');
      const busy = { ...times, lastSeenAtMs: expiresAtMs - 1 };
      expect(whyOver(busy, expiresAtMs - 1)).toBeUndefined();
      expect(whyOver(busy, expiresAtMs)).toBe('absolute-limit');
      expect(whyOver({ ...times, ended: true }, start)).toBe('ended');
    }
  });
});
