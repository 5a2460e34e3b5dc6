import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateAt, type ApprovalCourse } from './approval-state.ts';

const expiresAt = new Date(1_000);
const course = (change: Partial<ApprovalCourse>): ApprovalCourse => ({
  verdict: null,
  usedAt: null,
  expiresAt,
  ...change,
});

describe('stateAt', () => {
  it.each<[string, Partial<ApprovalCourse>, number, string]>([
    ['waiting', {}, 999, 'open'],
    ['waiting at its end', {}, 1_000, 'expired'],
    ['approved', { verdict: 'approve' }, 999, 'approved'],
    ['approved at its end', { verdict: 'approve' }, 1_000, 'expired'],
    ['used', { verdict: 'approve', usedAt: new Date(10) }, 5_000, 'used'],
    ['rejected', { verdict: 'reject' }, 5_000, 'rejected'],
  ])('%s', (_name, change, nowMs, state) => {
    expect(stateAt(course(change), nowMs)).toBe(state);
  });

  it('never comes back to open or approved once it left them', () => {
    const order = ['open', 'approved', 'expired', 'rejected', 'used'];
    fc.assert(
      fc.property(
        fc.constantFrom(null, 'approve' as const, 'reject' as const),
        fc.nat(3_000),
        fc.nat(3_000),
        (verdict, nowMs, laterMs) => {
          const before = stateAt(course({ verdict }), nowMs);
          const after = stateAt(course({ verdict }), nowMs + laterMs);
          expect(order.indexOf(after)).toBeGreaterThanOrEqual(order.indexOf(before));
        },
      ),
      { seed: 7 },
    );
  });
});
