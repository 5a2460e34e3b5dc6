import type { Self } from '@proofline/protocol';
import { expect, test } from 'vitest';
import { standAfter } from './use-forget-on-move.ts';

const DESK: Pick<Self, 'desk' | 'roles'> = { desk: 'Calder & Vane', roles: ['billing-agent'] };

test('whoever is not known for a while and comes back to the same desk has not moved', () => {
  const first = standAfter(undefined, DESK);
  const gone = standAfter(first.standing, undefined);
  const back = standAfter(gone.standing, DESK);
  expect([first, gone, back].map(({ isMove }) => isMove)).toEqual([false, false, false]);
});

test('P6: whoever was moved meanwhile is told, even if nothing was known in between', () => {
  const { standing } = standAfter(standAfter(undefined, DESK).standing, undefined);
  expect(standAfter(standing, { ...DESK, desk: 'Marrowfield' }).isMove).toBe(true);
  expect(standAfter(standing, { ...DESK, roles: [] }).isMove).toBe(true);
});
