import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const files = globSync('{commands,domain,facts,routes,store}/**/*.ts', { cwd: import.meta.dirname })
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => ({ file, text: readFileSync(join(import.meta.dirname, file), 'utf8') }));
const having = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text));
const names = (found: typeof files) => found.map(({ file }) => file);

// P1: the API has no verb for somebody else's authenticator, because the module has no statement.
it('one statement inserts an authenticator, one command reaches it, none deletes or replaces one', () => {
  expect(files.length).toBeGreaterThan(25);
  expect(names(having(/insertInto\('workforce_authenticators'\)/))).toEqual([
    join('store', 'authenticator-rows.ts'),
  ]);
  expect(names(having(/\bauthenticators\s*\.insert\(/))).toEqual([
    join('commands', 'register-passkey.ts'),
  ]);
  expect(names(having(/deleteFrom\('workforce_authenticators'\)/))).toEqual([]);
  expect(names(having(/(?:delete from|truncate|update)\s+workforce_authenticators/i))).toEqual([]);
});

it('the one update of an authenticator moves its counter, backup state and time of use', () => {
  const updates = having(/updateTable\('workforce_authenticators'\)/);
  expect(names(updates)).toEqual([join('store', 'authenticator-rows.ts')]);
  const sets = [...(updates[0]?.text.matchAll(/\.set\(\{([^}]*)\}\)/g) ?? [])];
  const columns = sets.map(([, members]) => members?.match(/\w+(?=:)/g));
  expect(columns).toEqual([['counter', 'backed_up', 'last_used_at']]);
});
