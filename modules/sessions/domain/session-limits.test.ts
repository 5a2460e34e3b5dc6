import { signInModes, strictestMode } from '@proofline/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLocked, limitsOf, touchEveryMs, whyOver } from './session-limits.ts';

const start = Date.UTC(2026, 10, 2, 9);
const every = [
  ...signInModes.map((mode) => ({ realm: 'workforce', mode }) as const),
  { realm: 'customers', mode: 'personal' } as const,
];

describe('the limits of a session', () => {
  it('are on the second, for both realms and every mode', () => {
    for (const { realm, mode } of every) {
      const { idleSeconds, absoluteSeconds } = limitsOf(realm, mode);
      const expiresAtMs = start + absoluteSeconds * 1000;
      const base = { realm, mode, lastSeenAtMs: start, expiresAtMs, ended: false };
      for (const locked of [false, true]) {
        const times = { ...base, locked };
        const idleAt = start + idleSeconds * 1000;
        expect(whyOver(times, idleAt - 1)).toBeUndefined();
        expect(whyOver(times, idleAt)).toBe('idle-limit');
        const busy = { ...times, lastSeenAtMs: expiresAtMs - 1 };
        expect(whyOver(busy, expiresAtMs - 1)).toBeUndefined();
        expect(whyOver(busy, expiresAtMs)).toBe('absolute-limit');
        expect(whyOver({ ...times, ended: true }, start)).toBe('ended');
      }
    }
  });
  it('lock staff before anything is over, within the 15 idle minutes of NIST SP 800-63B-4', () => {
    for (const mode of signInModes) {
      const { lockSeconds, idleSeconds, absoluteSeconds } = limitsOf('workforce', mode);
      expect(lockSeconds).toBeLessThanOrEqual(15 * 60);
      expect(idleSeconds).toBeGreaterThan(lockSeconds);
      expect(absoluteSeconds).toBeGreaterThan(idleSeconds);
      const times = {
        realm: 'workforce',
        mode,
        lastSeenAtMs: start,
        expiresAtMs: start + absoluteSeconds * 1000,
        ended: false,
        locked: false,
      } as const;
      expect(isLocked(times, start + lockSeconds * 1000 - 1)).toBe(false);
      expect(isLocked(times, start + lockSeconds * 1000)).toBe(true);
      expect(isLocked({ ...times, locked: true }, start)).toBe(true);
      // A request that is not noted makes the lock come early, never late.
      expect(touchEveryMs('workforce', mode)).toBeLessThanOrEqual((lockSeconds * 1000) / 10);
    }
  });
  it('are in no way longer in a stricter mode', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...signInModes), { minLength: 1 }), (modes) => {
        const chosen = limitsOf('workforce', strictestMode(modes));
        for (const mode of modes) {
          const limits = limitsOf('workforce', mode);
          expect(chosen.lockSeconds).toBeLessThanOrEqual(limits.lockSeconds);
          expect(chosen.idleSeconds).toBeLessThanOrEqual(limits.idleSeconds);
          expect(chosen.absoluteSeconds).toBeLessThanOrEqual(limits.absoluteSeconds);
        }
      }),
    );
    expect(strictestMode([])).toBe('kiosk');
  });
});
