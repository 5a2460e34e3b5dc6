import { expect, test } from 'vitest';
import { createPreparedNames } from './prepared-names.ts';

const often = (nameOf: (sql: string) => string | undefined, sql: string) =>
  Array.from({ length: 6 }, () => nameOf(sql)).at(-1);

test('what is asked again and again has a name of its own, and always the same', () => {
  const nameOf = createPreparedNames();
  expect(nameOf('select 1')).toBeUndefined();
  const first = often(nameOf, 'select 1');
  expect(first).toBeDefined();
  expect(nameOf('select 1')).toBe(first);
  expect(often(nameOf, 'select 2')).not.toBe(first);
});

test('texts without end take neither names nor memory without end', () => {
  const nameOf = createPreparedNames();
  const hot = often(nameOf, 'hot');
  // Each of these is asked once: none is worth a name.
  for (let at = 0; at < 10_000; at += 1) expect(nameOf(`once ${at}`)).toBeUndefined();
  const names = Array.from({ length: 10_000 }, (_, at) => often(nameOf, `often ${at}`));
  const named = names.filter(Boolean).length;
  expect(named).toBeGreaterThan(100);
  expect(named).toBeLessThan(200);
  expect(nameOf('hot')).toBe(hot);
});
