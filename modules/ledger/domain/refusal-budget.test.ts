import { fixedClock } from '@proofline/kernel';
import { describe, expect, it } from 'vitest';
import { createRefusalBudget } from './refusal-budget.ts';

describe('the budget of refusals', () => {
  it('lets ten through per key in ten minutes, and tells how many it left out', () => {
    const clock = fixedClock();
    const budget = createRefusalBudget(clock);
    const taken = Array.from({ length: 13 }, () => budget.take('a'));
    expect(taken.filter(Boolean)).toHaveLength(10);
    expect(budget.take('b')).toEqual({ suppressed: 0 });
    clock.advance(10 * 60 * 1000);
    expect(budget.take('a')).toEqual({ suppressed: 3 });
    expect(budget.take('a')).toEqual({ suppressed: 0 });
  });

  it('a flood of keys shares one window', () => {
    const budget = createRefusalBudget(fixedClock());
    const taken = Array.from({ length: 5_000 }, (_, index) => budget.take(String(index)));
    expect(taken.filter(Boolean).length).toBeLessThanOrEqual(1_010);
  });
});
