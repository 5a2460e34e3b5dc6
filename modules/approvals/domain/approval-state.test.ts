import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateAt, type ApprovalCourse } from './approval-state.ts';

const expiresAt = new Date(1_000);
const course = (change: Partial<ApprovalCourse>): ApprovalCourse => ({
  verdict: null,
  usedAt: null,
  withdrawnAt: null,
  expiresAt,
  ...change,
});

describe('stateAt', () => {
  const used = new Date(10);
  it.each<{ name: string; change: Partial<ApprovalCourse>; nowMs: number; state: string }>([
    { name: 'waiting', change: {}, nowMs: 999, state: 'open' },
    { name: 'waiting at its end', change: {}, nowMs: 1_000, state: 'expired' },
    { name: 'approved', change: { verdict: 'approve' }, nowMs: 999, state: 'approved' },
    { name: 'approved at its end', change: { verdict: 'approve' }, nowMs: 1_000, state: 'expired' },
    { name: 'used', change: { verdict: 'approve', usedAt: used }, nowMs: 5_000, state: 'used' },
    {
      name: 'taken back',
      change: { withdrawnAt: used, expiresAt: used },
      nowMs: 5_000,
      state: 'withdrawn',
    },
    { name: 'rejected', change: { verdict: 'reject' }, nowMs: 5_000, state: 'rejected' },
  ])('$name', ({ change, nowMs, state }) => {
    expect(stateAt(course(change), nowMs)).toBe(state);
  });

  it('never comes back to open or approved once it left them', () => {
    const order = ['open', 'approved', 'expired', 'rejected', 'used'];
    fc.assert(
      fc.property(
        fc.record({
          verdict: fc.constantFrom(null, 'approve' as const, 'reject' as const),
          nowMs: fc.nat(3_000),
          laterMs: fc.nat(3_000),
        }),
        ({ verdict, nowMs, laterMs }) => {
          const before = stateAt(course({ verdict }), nowMs);
          const after = stateAt(course({ verdict }), nowMs + laterMs);
          expect(order.indexOf(after)).toBeGreaterThanOrEqual(order.indexOf(before));
        },
      ),
      { seed: 7 },
    );
  });
});
