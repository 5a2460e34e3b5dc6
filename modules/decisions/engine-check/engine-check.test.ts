import { execFile } from 'node:child_process';
import { compileRelease, decide, type PolicySet, type Question } from '@proofline/policy';
import { expect, test, vi } from 'vitest';
import { createEngineCheck } from './create-engine-check.ts';

const right = compileRelease({
  schema: `namespace Proofline {
    entity Staff; entity Thing;
    action "thing:do" appliesTo { principal: Staff, resource: Thing, context: { n: Long } };
  }`,
  policies: [
    {
      path: 'roles/a.cedar',
      text: `@id("role.small") @reason("Small things are done.")
      permit (principal, action, resource) when { context.n < 3 };`,
    },
  ],
});
const permitted = {
  kind: 'evaluated',
  allowed: true,
  determining: ['role.small'],
  erring: [],
} as const;
/** An engine that permits everything: what the check is there for. */
const wrong: PolicySet = {
  ...right,
  compiled: {
    evaluate: () => permitted,
    suppose: () => ({ evaluate: () => permitted }),
  },
};
const ask = (n: number): Question => ({
  principal: { type: 'Staff', id: 'p' },
  action: 'thing:do',
  resource: { type: 'Thing', id: 't' },
  context: { n },
});

function checkOf(every: number) {
  const onDifference = vi.fn<(digest: string) => void>();
  return { check: createEngineCheck({ every, onDifference }), onDifference };
}

test('an engine that permits too much is found out, and the oracle decides from then on', async () => {
  const { check, onDifference } = checkOf(1);
  const watched = check.watch(wrong);
  expect(decide(watched, ask(5)).effect).toBe('permit');
  await vi.waitFor(() => expect(onDifference).toHaveBeenCalledWith(right.digest), 15_000);
  expect(decide(watched, ask(5)).effect).toBe('deny');
  expect(decide(watched, ask(1)).effect).toBe('permit');
  // Also when the same release is put in force again.
  expect(decide(check.watch(wrong), ask(5)).effect).toBe('deny');
  expect(onDifference).toHaveBeenCalledTimes(1);
});

test('an engine that is right is left alone', async () => {
  const { check, onDifference } = checkOf(1);
  const watched = check.watch(right);
  for (let n = 0; n < 6; n += 1) decide(watched, ask(n));
  // The difference is answered after the six before it.
  decide(check.watch(wrong), ask(5));
  await vi.waitFor(() => expect(onDifference).toHaveBeenCalled(), 15_000);
  expect(onDifference).toHaveBeenCalledTimes(1);
});

test('one in so many is compared, and none where that is off', async () => {
  const [few, off] = [checkOf(10), checkOf(0)];
  const [watched, unwatched] = [few.check.watch(wrong), off.check.watch(wrong)];
  for (let asked = 0; asked < 9; asked += 1) decide(watched, ask(5));
  decide(unwatched, ask(5));
  decide(watched, ask(5));
  await vi.waitFor(() => expect(few.onDifference).toHaveBeenCalledTimes(1), 15_000);
  expect(off.onDifference).not.toHaveBeenCalled();
});

test('the check keeps no process alive', async () => {
  const program = `
    import { createEngineCheck } from ${JSON.stringify(new URL('./create-engine-check.ts', import.meta.url).href)};
    const answer = { kind: 'invalid' };
    const set = {
      digest: 'd',
      source: { digest: 'd', schema: '', policies: {} },
      compiled: { evaluate: () => answer },
    };
    createEngineCheck({ every: 1, onDifference: () => {} }).watch(set).compiled.evaluate({});
  `;
  const started = execFile(process.execPath, ['--input-type=module', '--eval', program]);
  const code = await new Promise((resolve) => {
    started.once('exit', resolve);
    setTimeout(() => started.kill(), 20_000).unref();
  });
  expect(code).toBe(0);
}, 30_000);
