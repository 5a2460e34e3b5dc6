import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Id } from '@proofline/kernel';
import type { HttpExchange } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import {
  createBench,
  createBrowser,
  createKey,
  evidenceMigration,
  foundActive,
  registerOn,
  type Bench,
  type Screen,
} from './testing/bench.ts';

let storage: Storage;
beforeAll(async () => {
  storage = await openTestStorage([...migrations, evidenceMigration]);
});
afterAll(() => storage.close());

const index = fc.nat({ max: 3 });
const anyBrowser = fc.nat({ max: 1 });
const anyStep = fc.oneof(
  fc.record({ do: fc.constant('invite' as const), by: index, person: fc.nat({ max: 1 }) }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('open' as const),
      link: fc.nat({ max: 2 }),
      browser: anyBrowser,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('register' as const), browser: anyBrowser }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('confirm' as const), by: index, browser: anyBrowser }),
  },
  fc.record({
    do: fc.constant('arrive' as const),
    by: index,
    person: fc.nat({ max: 1 }),
    browser: anyBrowser,
  }),
  fc.record({
    do: fc.constant('wait' as const),
    minutes: fc.constantFrom(1, 1, 1, 1, 11, 24 * 60),
  }),
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** Everybody tries everything: two leads of one desk, HR, and who was invited themselves. */
class World {
  readonly browsers: readonly HttpExchange[] = Array.from({ length: 2 }, createBrowser);
  readonly links: { secret: string; openedOn: Set<number> }[] = [];
  private readonly bench: Bench;
  private readonly actors: Id<'stf'>[];

  constructor(bench: Bench, actors: Id<'stf'>[]) {
    this.bench = bench;
    this.actors = actors;
  }

  /** A refused step is a step that did not happen. */
  async take(step: Step): Promise<void> {
    if (step.do === 'wait') this.bench.clock.advance(step.minutes * 60_000);
    else if (step.do === 'arrive') await this.arrive(step);
    else await this.attempt(step).catch(() => undefined);
  }

  /** The steps of an honest newcomer in a row: otherwise few get as far as being confirmed. */
  private async arrive(step: Extract<Step, { do: 'arrive' }>): Promise<void> {
    await this.take({ ...step, do: 'invite' });
    await this.take({ ...step, do: 'open', link: this.links.length - 1 });
    await this.take({ ...step, do: 'register' });
  }

  private async attempt(step: Exclude<Step, { do: 'wait' | 'arrive' }>): Promise<void> {
    const { bench } = this;
    if (step.do === 'invite') {
      const body = { displayName: 'N', desk: 'Lisbon', employeeNumber: `N-${step.person}` };
      const as = this.actors[step.by % this.actors.length]!;
      const { link } = await bench.call<{ link: string }>('onboarding.invite', { as, body });
      this.links.push({ secret: new URL(link).hash.slice(1), openedOn: new Set() });
      return;
    }
    const browser = this.browsers[step.browser]!;
    if (step.do === 'register') {
      await registerOn(bench, { browser, key: createKey(bench) });
    } else if (step.do === 'open') {
      const link = this.links[step.link];
      if (!link) return;
      await bench.call('onboarding.open', { browser, body: { secret: link.secret } });
      link.openedOn.add(step.browser);
    } else {
      const { confirmationCode: code } = await bench.call<Screen>('onboarding.state', { browser });
      const as = this.actors[step.by % this.actors.length]!;
      await bench.call('onboarding.confirm', { as, body: { code, role: 'billing-agent' } });
      // Whoever was let in may go on to let others in.
      const subjects = (await bench.evidence()).at(-1)?.subjects;
      this.actors.push(subjects?.['invitee'] as Id<'stf'>);
    }
  }
}

type Rows = {
  workforce_staff: { tenant: string; subject_id: string; state: string };
  workforce_authenticators: { tenant: string; subject_id: string; invitation_id: string };
  workforce_invitations: {
    tenant: string;
    subject_id: string;
    state: string;
    invited_by: string | null;
    confirmed_by: string | null;
  };
};

it('no sequence of steps by several people lets one of them in alone', async () => {
  let run = 0;
  let confirmations = 0;
  const runs = fc.array(anyStep, { minLength: 10, maxLength: 40, size: 'max' });
  const property = fc.asyncProperty(runs, async (steps) => {
    run += 1;
    const name = `property-${run}`;
    const bench = createBench(storage, name);
    const founders = await foundActive(bench, [
      { displayName: 'HR', role: 'hr-officer' },
      { displayName: 'Lead', role: 'team-lead' },
      { displayName: 'Second lead', role: 'team-lead' },
    ]);
    const founding = founders.map(({ subjectId }) => subjectId);
    const world = new World(bench, [...founding]);
    for (const next of steps) await world.take(next);

    const db = storage.db.withTables<Rows>();
    const all = (table: keyof Rows) =>
      db
        .selectFrom(table as 'workforce_staff')
        .selectAll()
        .where('tenant', '=', name)
        .execute();
    const staff = (await all('workforce_staff')) as Rows['workforce_staff'][];
    const invitations = (await all(
      'workforce_invitations',
    )) as unknown as Rows['workforce_invitations'][];
    const authenticators = (await all(
      'workforce_authenticators',
    )) as unknown as Rows['workforce_authenticators'][];

    for (const { openedOn } of world.links) expect(openedOn.size).toBeLessThanOrEqual(1);
    for (const one of ['subject_id', 'invitation_id'] as const) {
      const values = authenticators.map((row) => row[one]);
      expect(new Set(values).size).toBe(values.length);
    }
    const active = staff.filter(
      ({ state, subject_id }) => state === 'active' && !founding.some((id) => id === subject_id),
    );
    confirmations += active.length;
    for (const { subject_id } of active) {
      const by = invitations.filter(
        (row) => row.subject_id === subject_id && row.state === 'confirmed',
      );
      expect(by).toHaveLength(1);
      const trio = new Set([by[0]?.invited_by, by[0]?.confirmed_by, subject_id]);
      expect(trio.size).toBe(3);
      expect(trio.has(null)).toBe(false);
    }
    const kinds = (await bench.evidence()).map(({ kind }) => kind);
    const count = (kind: string) => kinds.filter((entry) => entry === kind).length;
    expect(count('authenticator.registered')).toBe(authenticators.length);
    expect(count('onboarding.confirmed')).toBe(active.length);
    expect(count('onboarding.invited')).toBe(invitations.length);
  });
  await fc.assert(property, { seed: 20261121, numRuns: 30 });
  // A property about people who got in must have seen some.
  expect(confirmations).toBeGreaterThan(10);
}, 120_000);
