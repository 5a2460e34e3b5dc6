import { breakGlassLimits } from '@proofline/protocol';
import { expect, test } from 'vitest';
import { whyClosed } from './why-closed.ts';

const nowMs = Date.parse('2026-11-22T12:00:00Z');
const asked = (minutesAgo: number, state: 'declined' | 'open' | 'overdue' = 'declined') => ({
  state,
  requestedAt: new Date(nowMs - minutesAgo * 60_000).toISOString(),
});

test('the form is closed before somebody has asked too often in an hour, and opens again by itself', () => {
  const many = Array.from({ length: breakGlassLimits.askedPerHourMax }, (_, index) => asked(index));
  expect(whyClosed(many.slice(1), nowMs)).toBeUndefined();
  const closed = whyClosed([...many, asked(300)], nowMs);
  expect(closed?.next).toMatch(/^You can ask again from \d\d:\d\d/);
  expect(whyClosed(many, nowMs + 52 * 60_000)).toBeUndefined();
});
test('what waits, is open or overdue is said first', () => {
  const many = Array.from({ length: 10 }, (_, index) => asked(index));
  expect(whyClosed([...many, asked(2, 'open')], nowMs)?.next).toContain('take it back');
  expect(whyClosed([...many, asked(9_000, 'overdue')], nowMs)?.next).toContain('judges it');
});
