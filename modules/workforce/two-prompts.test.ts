import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import {
  createBench,
  createBrowser,
  createKey,
  evidenceMigration,
  STAFF_ORIGIN,
  type Options,
} from './testing/bench.ts';
import { secretOf } from './testing/office.ts';

let storage: Storage;
let run = 0;

beforeAll(async () => {
  storage = await openTestStorage([...migrations, evidenceMigration]);
});
afterAll(() => storage.close());

const LOGIN = 'login-00000000';

/** A founder, whose account is active with the passkey, and one device with two prompts open. */
async function openTwoPrompts() {
  run += 1;
  const bench = createBench(storage, `two-prompts-${run}`);
  bench.prompts.set(LOGIN, { clientName: 'Console', kind: 'login' });
  const [founder] = await bench.workforce.foundStaff([
    { displayName: 'Nina', role: 'hr-officer', desk: 'Lisbon', employeeNumber: 'F-1' },
  ]);
  const browser = createBrowser();
  await bench.call('onboarding.open', { browser, body: secretOf(founder?.link ?? '') });
  const ask = () => bench.call<Options>('onboarding.options', { browser });
  const key = createKey(bench);
  return {
    bench,
    key,
    ask,
    make: (options: Options) => key.register({ options: options.publicKey, origin: STAFF_ORIGIN }),
    answer: (options: Options, credential: object) =>
      bench.call('onboarding.passkey', {
        browser,
        body: { ceremonyId: options.ceremonyId, credential },
      }),
    async signIn(credentialId: string) {
      const params = { uid: LOGIN };
      const { ceremonyId, publicKey } = await bench.call<Options>('sign-in.options', { params });
      const origin = STAFF_ORIGIN;
      const credential = await key.assert({ options: publicKey, origin, credentialId });
      return bench.call('sign-in.assertion', { params, body: { ceremonyId, credential } });
    },
  };
}

/** An older prompt is replaced by a newer; once a passkey was taken, the link is used up. */
const tooLate = (taken: readonly number[]) =>
  taken.length === 0 ? 'ceremony.expired' : 'onboarding.link-dead';

describe('two prompts of one new colleague', () => {
  it.each([
    { made: [0, 1], answered: [0, 1] },
    { made: [0, 1], answered: [1, 0] },
    { made: [1, 0], answered: [0, 1] },
    { made: [1, 0], answered: [1, 0] },
  ])('made $made, answered $answered: who registered can sign in', async ({ made, answered }) => {
    const { answer, ask, key, make, signIn } = await openTwoPrompts();
    const prompts = [await ask(), await ask()];
    const passkeys: { id: string }[] = [];
    for (const index of made) passkeys[index] = await make(prompts[index]!);
    const taken: number[] = [];
    for (const index of answered) {
      await answer(prompts[index]!, passkeys[index]!).then(
        () => taken.push(index),
        (error: unknown) => expect(error).toMatchObject({ code: tooLate(taken) }),
      );
    }
    expect(taken).toEqual([1]);
    // Not one was overwritten: the device still has the one that the server took.
    expect(key.credentials).toHaveLength(2);
    expect(await signIn(passkeys[1]!.id)).toMatchObject({ redirectTo: `/oidc/auth/${LOGIN}` });
  });

  it('asked for at the same moment, only one stays open', async () => {
    const { answer, ask, make } = await openTwoPrompts();
    const prompts = await Promise.all([ask(), ask(), ask()]);
    const open = storage.db
      .withTables<{ workforce_ceremonies: { ceremony_id: string } }>()
      .selectFrom('workforce_ceremonies')
      .select('ceremony_id')
      .where(
        'ceremony_id',
        'in',
        prompts.map(({ ceremonyId }) => ceremonyId),
      );
    expect(await open.execute()).toHaveLength(1);
    const outcomes = [];
    for (const prompt of prompts) {
      outcomes.push((await Promise.allSettled([answer(prompt, await make(prompt))]))[0].status);
    }
    expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });
});
