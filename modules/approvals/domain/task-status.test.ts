import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemStatusAt, taskStatusOf } from './task-status.ts';

const course = {
  verdict: null,
  usedAt: null,
  withdrawnAt: null,
  cancelledAt: null,
  expiresAt: new Date(1_000),
};

describe('itemStatusAt', () => {
  const then = new Date(10);
  it.each<{ name: string; change: object; nowMs: number; status: string }>([
    { name: 'waiting', change: {}, nowMs: 999, status: 'pending' },
    { name: 'not answered', change: {}, nowMs: 1_000, status: 'expired' },
    {
      name: 'approved, used and long over',
      change: { verdict: 'approve', usedAt: then },
      nowMs: 9_000,
      status: 'approved',
    },
    { name: 'rejected', change: { verdict: 'reject' }, nowMs: 9_000, status: 'denied' },
    {
      name: 'cancelled while another request of the same goes on',
      change: { cancelledAt: then },
      nowMs: 20,
      status: 'cancelled',
    },
    {
      name: 'cancelled, and approved for that other one',
      change: { cancelledAt: then, verdict: 'approve' },
      nowMs: 20,
      status: 'cancelled',
    },
    {
      name: 'taken back by who asked',
      change: { withdrawnAt: then, expiresAt: then },
      nowMs: 20,
      status: 'cancelled',
    },
  ])('$name', ({ change, nowMs, status }) => {
    expect(itemStatusAt({ ...course, ...change }, nowMs)).toBe(status);
  });
});

describe('taskStatusOf', () => {
  const statuses = ['pending', 'approved', 'denied', 'expired', 'cancelled'] as const;

  it('waits for the last, and never says approved of more than was', () => {
    const items = fc.array(fc.constantFrom(...statuses), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(items, (all) => {
        const told = taskStatusOf(all);
        expect(told === 'pending').toBe(all.includes('pending'));
        if (told !== 'pending' && told !== 'partial') expect(new Set(all)).toEqual(new Set([told]));
        if (told === 'partial') expect(new Set(all).size).toBeGreaterThan(1);
      }),
      { seed: 11 },
    );
  });
});
