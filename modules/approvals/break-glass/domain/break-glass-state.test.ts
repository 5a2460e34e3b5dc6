import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  breakGlassStateAt,
  endsAtOf,
  whyOver,
  type BreakGlassCourse,
} from './break-glass-state.ts';

const START = Date.UTC(2026, 10, 21, 12);
const MINUTE_MS = 60_000;
const at = (minutes: number) => new Date(START + minutes * MINUTE_MS);
const asked: BreakGlassCourse = {
  requestedAt: at(0),
  minutes: 30,
  declinedAt: null,
  openedAt: null,
  endedAt: null,
  endedBecause: null,
  escalatedAt: null,
  verdict: null,
  seenAt: null,
};
const opened = { ...asked, openedAt: at(1), seenAt: at(1) };
const stateAfter = (course: BreakGlassCourse, minutes: number) =>
  breakGlassStateAt(course, at(minutes).getTime());

test('it waits a quarter of an hour for its second person, and lapses without one', () => {
  expect(stateAfter(asked, 14.9)).toBe('waiting');
  expect(stateAfter(asked, 15)).toBe('lapsed');
  expect(stateAfter({ ...asked, declinedAt: at(2) }, 3)).toBe('declined');
});

test('it is open for as long as was asked for, and then over, judged or overdue', () => {
  expect(stateAfter(opened, 30.9)).toBe('open');
  expect(stateAfter(opened, 31)).toBe('ended');
  const ended = { ...opened, endedAt: at(5), endedBecause: 'opener' } as const;
  expect(stateAfter(ended, 6)).toBe('ended');
  expect(stateAfter({ ...ended, escalatedAt: at(9_000) }, 9_001)).toBe('overdue');
  const judged = { ...ended, escalatedAt: at(9_000), verdict: 'justified' } as const;
  expect(stateAfter(judged, 9_002)).toBe('reviewed');
});

test('a clock that goes back opens nothing again, and gives no minute more', () => {
  expect(stateAfter({ ...opened, seenAt: at(20) }, 5)).toBe('ended');
  expect(whyOver({ ...opened, seenAt: at(20) }, at(5).getTime())).toBe('clock');
  // Whoever saw the end saw it: however the clock stands now.
  expect(whyOver({ ...opened, seenAt: at(40) }, at(39.99).getTime())).toBe('time');
  expect(stateAfter({ ...opened, seenAt: at(40) }, 2)).toBe('ended');
  expect(stateAfter(asked, -5)).toBe('lapsed');
});

test('whatever stands in a row, it is open for sixty minutes at most, and to nobody before it was opened', () => {
  const moment = fc.integer({ min: -200, max: 10_000 }).map(at);
  const maybe = fc.option(moment, { nil: null });
  const course = fc.record<BreakGlassCourse>({
    requestedAt: moment,
    minutes: fc.integer({ min: 0, max: 100_000 }),
    declinedAt: maybe,
    openedAt: maybe,
    endedAt: maybe,
    endedBecause: fc.constant(null),
    escalatedAt: maybe,
    verdict: fc.constantFrom('justified', 'not-justified', null, null),
    seenAt: maybe,
  });
  fc.assert(
    fc.property(course, fc.integer({ min: -200, max: 10_000 }), (one, minutes) => {
      if (stateAfter(one, minutes) !== 'open') return;
      const openedAt = one.openedAt?.getTime() ?? Number.NaN;
      const now = at(minutes).getTime();
      expect(now - openedAt).toBeGreaterThanOrEqual(-5_000);
      expect(now - openedAt).toBeLessThan(60 * MINUTE_MS);
      expect(endsAtOf(one)!.getTime() - openedAt).toBeLessThanOrEqual(60 * MINUTE_MS);
      expect([one.declinedAt, one.endedAt, one.verdict]).toEqual([null, null, null]);
    }),
    { numRuns: 5_000, seed: 20_261_121 },
  );
});
