import type { ServiceRecord } from '@proofline/protocol';
import { expect, test } from 'vitest';
import { changeOfTerms, type WantedTerms } from './change-of-terms.ts';

const held = ['decision:evaluate', 'result:report'] as const;
// Only what the change looks at.
const one = {
  scopes: held.map((action) => ({ action, label: action, unused: false })),
  ratePerMinute: 600,
  owner: { subjectId: 'stf_owner', displayName: 'Anna', active: true },
} as unknown as ServiceRecord;
const same: WantedTerms = { scopes: held, ratePerMinute: 600, ownerId: 'stf_owner' };

test('what only takes away waits for no touch, and anything more does', () => {
  const kind = (change: Partial<WantedTerms>) => changeOfTerms(one, { ...same, ...change }).kind;
  expect(kind({})).toBe('none');
  expect(kind({ scopes: ['result:report', 'decision:evaluate'] })).toBe('none');
  expect(kind({ scopes: ['result:report'] })).toBe('narrow');
  expect(kind({ ratePerMinute: 599 })).toBe('narrow');
  expect(kind({ ratePerMinute: 601 })).toBe('widen');
  expect(kind({ scopes: [...held, 'decision:search'] })).toBe('widen');
  expect(kind({ ownerId: 'stf_other' })).toBe('widen');
  // One scope for another is more, too.
  expect(kind({ scopes: ['result:report', 'decision:search'] })).toBe('widen');
  expect(changeOfTerms(one, { ...same, scopes: ['result:report'] })).toMatchObject({
    without: ['decision:evaluate'],
    ratePerMinute: 600,
  });
});
