import { expect, test } from 'vitest';
import { entriesText, summaryOf } from './witness-words.ts';

const row = { name: 'client', verifierKey: 'k', state: 'signs' } as const;

test('what has been signed of the log is told by what has not', () => {
  expect([12, 11, 9].map((size) => entriesText(size, 12))).toEqual([
    'every entry',
    'all but the newest entry',
    'all but the newest 3 entries',
  ]);
});

test('one witness who contradicts the log is an alarm, however many have signed', () => {
  const witnessed = { size: 12 };
  const summary = (witnesses: Parameters<typeof summaryOf>[0]['witnesses'], more = {}) =>
    summaryOf({ logSize: 12, witnesses, ...more }).kind;
  expect(summary([row, row], { witnessed })).toBe('done');
  expect(summary([row, { ...row, state: 'contradicts' }], { witnessed })).toBe('problem');
  expect(summary([row])).toBe('warn');
  expect(summary([])).toBe('warn');
});
