import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Id } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import {
  createSoftwareAuthenticator,
  type Misbehaviour,
  type SoftwareAuthenticator,
} from '@proofline/assurance/testing';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import {
  createBench,
  createBrowser,
  createKey,
  enrol,
  evidenceMigration,
  foundActive,
  STAFF_ORIGIN,
  type Bench,
  type Options,
} from './testing/bench.ts';

let storage: Storage;
let bench: Bench;
let anna: Awaited<ReturnType<typeof foundActive>>[number];
let ben: Awaited<ReturnType<typeof foundActive>>[number];
let run = 0;

beforeAll(async () => {
  storage = await openTestStorage([...migrations, evidenceMigration]);
});
afterAll(() => storage.close());

beforeEach(async () => {
  run += 1;
  bench = createBench(storage, `sign-in-${run}`);
  const founders = await foundActive(bench, [
    { displayName: 'Anna', role: 'billing-agent' },
    { displayName: 'Ben', role: 'hr-officer' },
  ]);
  [anna, ben] = founders as [typeof anna, typeof ben];
  bench.prompts.set('login-00000000', { clientName: 'Console', kind: 'login' });
  bench.prompts.set('other-00000000', { clientName: 'Console', kind: 'login' });
  bench.prompts.set('stepup-0000000', {
    clientName: 'Console',
    kind: 'step-up',
    acr: 'phr',
    maxAgeSeconds: 60,
    subjectId: anna.subjectId,
  });
});

const LOGIN = 'login-00000000';
const STEP_UP = 'stepup-0000000';
const refused = (code: string) => expect.objectContaining({ code });
const ask = (uid: string) => bench.call<Options>('sign-in.options', { params: { uid } });
const answer = (uid: string, body: object) =>
  bench.call<{ redirectTo: string }>('sign-in.assertion', { params: { uid }, body });
const because = async () =>
  (await bench.evidence())
    .filter(({ kind }) => kind === 'session.refused')
    .map(({ facts }) => facts['because']);

async function signIn(key: SoftwareAuthenticator, uid = LOGIN, misbehave: Misbehaviour = {}) {
  const { ceremonyId, publicKey } = await ask(uid);
  const credential = await key.assert({ options: publicKey, origin: STAFF_ORIGIN, misbehave });
  return answer(uid, { ceremonyId, credential });
}

describe('a login', () => {
  it('names nobody, takes whichever passkey is picked, and says how strong it was', async () => {
    const { publicKey } = await ask(LOGIN);
    expect(publicKey).toMatchObject({ allowCredentials: [], userVerification: 'required' });
    expect(await signIn(anna.key)).toEqual({ redirectTo: `/oidc/auth/${LOGIN}` });
    const registered = (await bench.evidence()).find(
      ({ kind, subjects }) =>
        kind === 'authenticator.registered' && subjects?.['actor'] === anna.subjectId,
    );
    expect(bench.logins).toEqual([
      {
        subjectId: anna.subjectId,
        acr: 'phrh',
        amr: ['pop', 'hwk', 'user'],
        authenticatorId: registered?.refs?.['authenticatorId'],
        authenticatorEvidenceId: registered?.id,
        // A founder's own registration gave the role.
        roleEvidenceId: registered?.id,
      },
    ]);
  });

  it('the prompt does not say who is signed in', async () => {
    const prompt = await bench.call('sign-in.prompt', { params: { uid: STEP_UP } });
    expect(prompt).toEqual({
      clientName: 'Console',
      kind: 'step-up',
      acr: 'phr',
      maxAgeSeconds: 60,
    });
  });

  it('can be cancelled', async () => {
    const cancelled = await bench.call('sign-in.cancel', { params: { uid: LOGIN } });
    expect(cancelled).toEqual({ redirectTo: `/oidc/auth/${LOGIN}?cancelled` });
  });

  it.each<[string, Misbehaviour, string]>([
    ['a bad signature', { signature: 'bit-flipped' }, 'signature-wrong'],
    ['another key', { signature: 'other-key' }, 'signature-wrong'],
    ['a phishing origin', { origin: 'https://evil.example' }, 'origin-wrong'],
    ['the customers’ realm', { rpId: 'customers.localhost' }, 'rp-id-wrong'],
    ['no user verification', { userVerified: false }, 'user-not-verified'],
    ['a flipped BE', { backupEligible: true }, 'backup-eligibility-changed'],
    ['another colleague’s handle', { userHandle: 'A'.repeat(43) }, 'user-handle-wrong'],
    ['an unknown credential', { credentialId: 'A'.repeat(43) }, 'unknown-credential'],
  ])('with %s is refused in the same words, and in evidence', async (_name, misbehave, reason) => {
    const attempt = signIn(anna.key, LOGIN, misbehave);
    await expect(attempt).rejects.toMatchObject({
      code: 'ceremony.refused',
      details: { internal: reason },
    });
    expect(await because()).toEqual([reason]);
    expect(bench.logins).toEqual([]);
  });

  it('a refused answer leaves the stored counter alone', async () => {
    await expect(
      signIn(anna.key, LOGIN, { counter: 9000, signature: 'other-key' }),
    ).rejects.toBeDefined();
    expect(await signIn(anna.key)).toBeDefined();
  });

  it('an answer is good once, and only for its own sign-in', async () => {
    const { ceremonyId, publicKey } = await ask(LOGIN);
    const credential = await anna.key.assert({ options: publicKey, origin: STAFF_ORIGIN });
    const body = { ceremonyId, credential };
    await expect(answer('other-00000000', body)).rejects.toEqual(refused('ceremony.expired'));
    await answer(LOGIN, body);
    await expect(answer(LOGIN, body)).rejects.toEqual(refused('ceremony.expired'));
    expect(bench.logins).toHaveLength(1);
  });

  it('a challenge that another took the place of is worth nothing: one ceremony at a time', async () => {
    const offered = await ask(LOGIN);
    const asked = await ask(LOGIN);
    const to = async ({ ceremonyId, publicKey }: typeof asked) => ({
      ceremonyId,
      credential: await anna.key.assert({ options: publicKey, origin: STAFF_ORIGIN }),
    });
    await expect(answer(LOGIN, await to(offered))).rejects.toEqual(refused('ceremony.expired'));
    // Nor does the old answer pass under the new one's name.
    const { credential } = await to(offered);
    const mixed = answer(LOGIN, { ceremonyId: asked.ceremonyId, credential });
    await expect(mixed).rejects.toEqual(refused('ceremony.refused'));
    expect(bench.logins).toEqual([]);
  });

  it('an answer comes too late after five minutes', async () => {
    const { ceremonyId, publicKey } = await ask(LOGIN);
    bench.clock.advance(5 * 60 * 1000);
    const credential = await anna.key.assert({ options: publicKey, origin: STAFF_ORIGIN });
    const late = answer(LOGIN, { ceremonyId, credential });
    await expect(late).rejects.toEqual(refused('ceremony.expired'));
  });

  it('a stolen copy is noticed', async () => {
    const thief = anna.key.clone();
    await signIn(anna.key);
    await expect(signIn(thief)).rejects.toEqual(refused('ceremony.refused'));
    expect(await because()).toEqual(['counter-regressed']);
  });

  it('who is registered but not confirmed is refused like an unknown passkey', async () => {
    const { link } = await bench.call<{ link: string }>('onboarding.invite', {
      as: ben.subjectId,
      body: { displayName: 'Nina', desk: 'Lisbon', employeeNumber: 'N-1' },
    });
    const key = createKey(bench);
    await enrol(bench, { link, browser: createBrowser(), key });
    await expect(signIn(key)).rejects.toMatchObject({ code: 'ceremony.refused' });
    expect(await because()).toEqual(['not-active']);
    expect(bench.logins).toEqual([]);
  });

  it('a model that was revoked since is refused, one that lost its status is phr', async () => {
    const { aaguid, policy } = bench.authority;
    const revoked = [...policy.statuses, { aaguid, status: 'REVOKED' }];
    bench.use({ attestationPolicy: { ...policy, statuses: revoked } });
    await expect(signIn(anna.key)).rejects.toEqual(refused('ceremony.refused'));
    expect(await because()).toEqual(['authenticator-compromised']);
    bench.use({ attestationPolicy: { ...policy, statuses: [] } });
    await signIn(anna.key);
    expect(bench.logins).toMatchObject([{ acr: 'phr', amr: ['pop', 'swk', 'user'] }]);
  });

  it('failing again and again does not fill the log', async () => {
    for (let index = 0; index < 15; index += 1) {
      const misbehave = { credentialId: String(index).padStart(43, 'A') };
      await expect(signIn(anna.key, LOGIN, misbehave)).rejects.toBeDefined();
    }
    expect(await because()).toHaveLength(10);
    // Somebody else's refusal is still seen.
    await expect(signIn(ben.key, LOGIN, { signature: 'other-key' })).rejects.toBeDefined();
    expect((await because()).at(-1)).toBe('signature-wrong');
  });
});

describe('a step-up', () => {
  it('asks for the signed-in subject’s own passkeys only', async () => {
    const { publicKey } = await ask(STEP_UP);
    const own = anna.key.credentials.map(({ credentialId: id }) => ({ type: 'public-key', id }));
    expect(publicKey['allowCredentials']).toEqual(own);
    await signIn(anna.key, STEP_UP);
    expect(bench.logins).toMatchObject([{ subjectId: anna.subjectId }]);
  });

  it('an authenticator that leaves the handle out may answer', async () => {
    await signIn(anna.key, STEP_UP, { userHandle: null });
    expect(bench.logins).toHaveLength(1);
  });

  it('nobody else may answer, not even with a perfect assertion', async () => {
    const { ceremonyId, publicKey } = await ask(STEP_UP);
    const options = { ...publicKey, allowCredentials: [] };
    const credential = await ben.key.assert({ options, origin: STAFF_ORIGIN });
    const attempt = answer(STEP_UP, { ceremonyId, credential });
    await expect(attempt).rejects.toEqual(refused('ceremony.refused'));
    expect(await because()).toEqual(['other-subject']);
    expect(bench.logins).toEqual([]);
  });

  it('a ceremony of a login does not answer it, when somebody signed in meanwhile', async () => {
    const { ceremonyId, publicKey } = await ask(LOGIN);
    const credential = await anna.key.assert({ options: publicKey, origin: STAFF_ORIGIN });
    bench.prompts.set(LOGIN, { clientName: 'Console', kind: 'step-up', subjectId: anna.subjectId });
    const attempt = answer(LOGIN, { ceremonyId, credential });
    await expect(attempt).rejects.toEqual(refused('ceremony.expired'));
  });

  it('never turns into «any passkey» for a subject without one', async () => {
    const nobody = 'stf_01m6dqs9m0eey9bpter3bz688m' as Id<'stf'>;
    bench.prompts.set(STEP_UP, { clientName: 'Console', kind: 'step-up', subjectId: nobody });
    await expect(ask(STEP_UP)).rejects.toEqual(refused('signin.unknown'));
  });

  it('for hardware is not answered by a synced passkey', async () => {
    const carl = createBench(storage, `synced-${run}`);
    const [invitation] = await carl.workforce.foundStaff([
      { displayName: 'Carl', desk: 'Lisbon', employeeNumber: 'C-1', role: 'billing-agent' },
    ]);
    const key = createSoftwareAuthenticator({ kind: 'synced', random: carl.random });
    await enrol(carl, { link: invitation?.link ?? '', browser: createBrowser(), key });
    bench = carl;
    const subjectId = invitation?.subjectId as Id<'stf'>;
    carl.prompts.set(STEP_UP, { clientName: 'Console', kind: 'step-up', acr: 'phrh', subjectId });
    const attempt = signIn(key, STEP_UP);
    await expect(attempt).rejects.toEqual(refused('ceremony.refused'));
    // It is theirs, so they hear what it lacks; whoever is not signed in hears nothing (P9).
    const detail = expect.stringMatching(/^This needs a security key; your passkey is not one\./);
    await expect(attempt).rejects.toMatchObject({ details: { detail } });
    expect(await because()).toEqual(['level-too-low']);
    carl.prompts.set(LOGIN, { clientName: 'Console', kind: 'login', acr: 'phrh' });
    const unknown = await signIn(key, LOGIN).catch((error: unknown) => error);
    expect(unknown).toMatchObject({ details: { internal: 'level-too-low' } });
    expect(unknown).not.toHaveProperty('details.detail');
    carl.prompts.set(STEP_UP, { clientName: 'Console', kind: 'step-up', acr: 'phr', subjectId });
    await signIn(key, STEP_UP);
    expect(carl.logins).toMatchObject([{ acr: 'phr' }]);
  });
});
