import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const files = globSync('{commands,domain,facts,routes,store}/**/*.ts', { cwd: import.meta.dirname })
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => ({ file, text: readFileSync(join(import.meta.dirname, file), 'utf8') }));
const having = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text));
const names = (found: typeof files) => found.map(({ file }) => file);

// P1: the API has no verb for somebody else's authenticator, because the module has no statement.
it('a change of an authenticator is reached only through the proof of its own subject', () => {
  expect(names(having(/\b(?:removeOwn|renameOwn|openRegistration)\(context/))).toEqual([
    join('commands', 'prove-own-act.ts'),
  ]);
  expect(names(having(/kind: 'own-registration',\n\s+boundTo: caller\.sessionId/))).toEqual([
    join('commands', 'open-registration.ts'),
    join('commands', 'register-own.ts'),
  ]);
});

it('one statement inserts an authenticator, three commands reach it, none deletes one', () => {
  expect(files.length).toBeGreaterThan(25);
  expect(names(having(/insertInto\('workforce_authenticators'\)/))).toEqual([
    join('store', 'authenticator-rows.ts'),
  ]);
  expect(names(having(/\bauthenticators\s*\.insert\(/))).toEqual([
    join('commands', 'recover-account.ts'),
    join('commands', 'register-own.ts'),
    join('commands', 'register-passkey.ts'),
  ]);
  expect(names(having(/\bauthenticators\s*\.(?:rename|remove)\(/))).toEqual([
    join('commands', 'recover-account.ts'),
    join('commands', 'remove-own.ts'),
    join('commands', 'rename-own.ts'),
  ]);
  expect(names(having(/deleteFrom\('workforce_authenticators'\)/))).toEqual([]);
  expect(names(having(/(?:delete from|truncate|update)\s+workforce_authenticators/i))).toEqual([]);
});

it('an update of an authenticator notes a use or a level, renames or removes it, and names whose it is', () => {
  const updates = having(/updateTable\('workforce_authenticators'\)/);
  expect(names(updates)).toEqual([join('store', 'authenticator-rows.ts')]);
  const text = updates[0]?.text ?? '';
  expect(text.match(/updateTable\(/g)).toHaveLength(1);
  expect(text).toMatch(/updateTable\([^;]*\.where\('subject_id', '=', own\.subjectId\)/);
  const sets = [...text.matchAll(/\.set\(\{([^}]*)\}\)/g)].map(([, members]) => members?.trim());
  expect(sets).toEqual([
    'label',
    'removed_at: at',
    'counts_as: countsAs',
    'counter, backed_up, counts_as, last_used_at: use.at',
  ]);
});

// The one step that takes somebody's other passkeys away belongs to the end of their own recovery.
it('the last step of a recovery is reached from there alone, and by no route of this module', () => {
  expect(names(having(/recoverAccount/))).toEqual([join('commands', 'recover-account.ts')]);
  const above = join(import.meta.dirname, '..');
  const callers = globSync('*/**/*.ts', { cwd: above })
    .filter((file) => !file.includes('node_modules') && !file.endsWith('.test.ts'))
    .filter((file) => /\brecoverAccount\(/.test(readFileSync(join(above, file), 'utf8')));
  expect(callers.toSorted()).toEqual([
    join('customers', 'commands', 'recover-account.ts'),
    join('customers', 'for-recovery.ts'),
    join('recovery', 'commands', 'complete-recovery.ts'),
    // What it asks of either realm.
    join('recovery', 'types.ts'),
    join('workforce', 'commands', 'recover-account.ts'),
    join('workforce', 'create-workforce.ts'),
  ]);
});
