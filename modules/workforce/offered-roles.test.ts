import { newId, type Id } from '@proofline/kernel';
import { roles, Self, type Capability, type Role } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import { createBench, evidenceMigration, foundActive, type Bench } from './testing/bench.ts';

const confirmers: readonly Role[] = ['team-lead', 'security-admin', 'hr-officer', 'billing-agent'];

let storage: Storage;
let bench: Bench;
let people: Awaited<ReturnType<typeof foundActive>>;

beforeAll(async () => {
  storage = await openTestStorage([...migrations, evidenceMigration]);
  bench = createBench(storage, 'offered-roles');
  people = await foundActive(
    bench,
    confirmers.map((role) => ({ displayName: `The ${role}`, role })),
  );
});
afterAll(() => storage.close());

async function offeredTo(subjectId: Id<'stf'>): Promise<readonly Role[]> {
  const sessionId = newId('ses', bench);
  bench.live.set(sessionId, {
    sessionId,
    realm: 'workforce',
    subjectId,
    assurance: {},
    startedAtMs: bench.clock.now(),
    expiresAtMs: bench.clock.now() + 3_600_000,
    mode: 'personal',
    lockAfterSeconds: 600,
    locked: false,
    evidenceId: newId('evt', bench),
  });
  const self = await bench.call('self.read', { as: subjectId, sessionId });
  return Self.parse(self).mayAssign;
}

async function isTaken(as: Id<'stf'>, role: Role): Promise<boolean> {
  // The role is looked at before the code: with one that nobody has, nothing is confirmed.
  const body = { code: '000000', role };
  const attempt = bench.call('onboarding.confirm', { as, body });
  const { code } = await attempt.then(
    () => ({ code: 'confirmed' }),
    (error: { code: string }) => error,
  );
  return code !== 'access.denied';
}

describe('the roles that a form offers', () => {
  it.each(confirmers)('to a %s are exactly those that are taken from them', async (role) => {
    const { subjectId } = people[confirmers.indexOf(role)]!;
    const taken: Role[] = [];
    for (const one of roles) {
      // Wrong codes are counted by the hour.
      bench.clock.advance(3_600_000);
      if (await isTaken(subjectId, one)) taken.push(one);
    }
    expect(await offeredTo(subjectId)).toEqual(taken);
  });

  it('are none for whom the policies let confirm nobody', async () => {
    const { subjectId } = people[0]!;
    const answer = (change: Partial<Capability>) =>
      bench.use({
        preview: async (_input, actions) =>
          actions.map((action) => ({ action, allowed: false, remedies: [], ...change })),
      });
    answer({ reason: 'Your account is not active.' });
    expect(await offeredTo(subjectId)).toEqual([]);
    answer({ remedies: [{ kind: 'agent.step-up', acr: 'phr', maxAgeSeconds: 900 }] });
    expect(await offeredTo(subjectId)).toEqual([
      'billing-agent',
      'support-agent',
      'senior-agent',
      'technical-agent',
    ]);
  });
});
