import { systemClock } from '@proofline/kernel';
import { expect, it } from 'vitest';
import { learnServerTime, nowMs, secondsUntil } from './clock.ts';

const HOUR_MS = 60 * 60 * 1000;

it('a countdown follows the server’s clock, whatever the phone’s says', () => {
  const serverMs = systemClock.now() - HOUR_MS;
  learnServerTime(new Date(serverMs).toUTCString());
  expect(Math.abs(nowMs() - serverMs)).toBeLessThan(1_500);
  expect(secondsUntil(new Date(serverMs + 120_000).toISOString())).toBeGreaterThanOrEqual(119);
  expect(secondsUntil(new Date(serverMs + 120_000).toISOString())).toBeLessThanOrEqual(121);
  expect(secondsUntil(new Date(serverMs - 5_000).toISOString())).toBe(0);
});

it('a response without a usable date changes nothing', () => {
  const before = nowMs();
  learnServerTime(null);
  learnServerTime('yesterday');
  expect(Math.abs(nowMs() - before)).toBeLessThan(1_000);
});
