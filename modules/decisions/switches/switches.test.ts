import { newId, type Id } from '@proofline/kernel';
import { type SwitchForecast, type SwitchSummary, type SwitchTarget } from '@proofline/protocol';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { productPolicies } from '../../../packages/policy/testing/product-policies.ts';
import { createContext } from '../context.ts';
import { codeOf } from '../testing/refusals.ts';
import { column, createDecisions, type Decisions, type DecisionsDeps } from '../index.ts';
import { decisionsWorld } from '../testing/decisions-world.ts';
import { findStop } from './commands/find-stop.ts';

let world: Awaited<ReturnType<typeof decisionsWorld>> | undefined;
afterEach(() => world?.storage.close());

/** Calls a route's handler, as the edge does once it is permitted. */
async function call<R>({ routes }: Decisions, id: string, given: object): Promise<R> {
  const mounted = routes.find(({ route }) => route.id === id);
  if (mounted === undefined) throw new Error(`no route ${id}`);
  // The caller names the reply's form; the contract is checked at the edge.
  return (await mounted.handler(given as never)) as R;
}

async function open() {
  world = await decisionsWorld();
  const { decisions, deps } = world;
  const admin = newId('stf', world);
  const second = newId('stf', world);
  const decision = { evidenceId: newId('evt', world) };
  const stop = (target: SwitchTarget, minutes = 60) =>
    call<SwitchSummary>(decisions, 'switches.throw', {
      caller: { subjectId: admin },
      body: { target, reasonCode: 'suspected-fraud', note: 'Three refunds to one card.', minutes },
      decision,
    });
  const lift = (actor: Id<'stf'>, switchId: Id<'swt'>) =>
    call<SwitchSummary>(decisions, 'switches.lift', {
      caller: { subjectId: actor },
      params: { switchId },
      decision,
    });
  /** Another process on the same database. */
  const contextOf = () => createContext(deps);
  return { ...world, contextOf, admin, second, stop, lift };
}

const accounts: SwitchTarget = { kind: 'action', action: 'account:read' };

describe('a switch', () => {
  it('refuses the next question before any policy, with no remedy, and is found by its id', async () => {
    const { decisions, ask, stop, ledger } = await open();
    expect((await decisions.decide(ask('account:read'))).effect).toBe('permit');
    const row = await stop(accounts);
    const refused = await decisions.decide(ask('account:read'));
    expect(refused).toMatchObject({
      effect: 'deny',
      forbidden: true,
      reasons: [{ policy: `switch.${row.switchId}`, effect: 'forbid' }],
      remedies: [],
      obligations: {},
    });
    expect(refused.reasons[0]?.text).toContain('suspected fraud');
    expect(refused.reasons[0]?.text).not.toContain('Three refunds');
    const entry = (await ledger.drafts('decision.made')).at(-1);
    expect(entry?.refs).toMatchObject({ switchId: row.switchId });
    expect(entry?.causes).toContain(row.evidenceId);
    expect((await decisions.decide(ask('invoice:read'))).effect).toBe('permit');
  });

  it('refuses the control on a screen in the same words, and offers nothing that would turn it', async () => {
    const { decisions, ask, stop } = await open();
    await stop(accounts);
    const { action: _, ...input } = ask('account:read');
    const [account, invoice] = await decisions.preview(input, ['account:read', 'invoice:read']);
    expect(account).toMatchObject({ allowed: false, remedies: [] });
    expect(account?.reason).toContain('Security has stopped this');
    expect(invoice?.allowed).toBe(true);
  });

  it.each([
    ['one action', { kind: 'action', action: 'interaction:read' }],
    ['a domain', { kind: 'domain', domain: 'interaction' }],
    ['the agent', 'agent'],
  ] as const)(
    'on %s closes a list at once, says why, and opens it when lifted',
    async (_, target) => {
      const { decisions, ids, known, second, stop, lift } = await open();
      known['staff'] = { values: { roles: ['team-lead'], desk: 'Harbour', active: true } };
      const rows = () =>
        decisions.rowsPermitted({
          subject: { type: 'Staff', id: ids.agent },
          sessionId: ids.session,
          action: 'interaction:read',
          resourceType: 'Interaction',
          known: ['staff', 'session'],
          columns: {
            'context.interaction.sameDesk': column.flag('same_desk'),
            'context.interaction.assignedToSubject': column.flag('mine'),
          },
        });
      // Reading goes on where everything else is stopped.
      const everything = await stop({ kind: 'everything-but-reading' });
      expect((await rows()).kind).toBe('where');
      await lift(second, everything.switchId);
      const { switchId } = await stop(
        target === 'agent' ? { kind: 'agent', subjectId: ids.agent } : target,
      );
      const refused: unknown = await rows().catch((error: unknown) => error);
      expect(refused).toMatchObject({
        code: 'access.denied',
        details: {
          reasons: [
            { policy: `switch.${switchId}`, text: expect.stringContaining('suspected fraud') },
          ],
        },
      });
      await lift(second, switchId);
      expect((await rows()).kind).toBe('where');
    },
  );

  it('withholds the result of what was permitted before it was thrown (P6)', async () => {
    const { decisions, ask, stop, ledger } = await open();
    const made = await decisions.decide(ask('account:read'));
    await stop(accounts);
    const { decisionId } = made;
    const told = await call<{ stillPermitted: boolean }>(decisions, 'decisions.result', {
      body: { decisionId, outcome: 'completed', upstreamStatus: 200 },
    });
    expect(told.stillPermitted).toBe(false);
    const entry = (await ledger.drafts('request.completed')).at(-1);
    expect(entry?.facts).toMatchObject({ delivered: false });
  });

  it('is lifted by a second person, once, and opens again', async () => {
    const { decisions, ask, stop, lift, admin, second, ledger } = await open();
    const { switchId, evidenceId } = await stop(accounts);
    expect(await codeOf(lift(admin, switchId))).toBe('switch.not-yours');
    expect((await decisions.decide(ask('account:read'))).effect).toBe('deny');
    expect(await codeOf(lift(second, switchId))).toBe('done');
    expect((await decisions.decide(ask('account:read'))).effect).toBe('permit');
    expect(await codeOf(lift(second, switchId))).toBe('switch.closed');
    const [lifted] = await ledger.drafts('switch.lifted');
    expect(lifted?.causes).toContain(evidenceId);
    expect(lifted?.subjects).toEqual({ actor: second, thrownBy: admin });
  });

  it('is lifted by its thrower not even in the database', async () => {
    const { storage, stop, admin } = await open();
    const { switchId } = await stop(accounts);
    const forged = sql`update switches set ended_at = thrown_at, ended_how = 'lifted',
      lifted_by = ${admin} where switch_id = ${switchId}`.execute(storage.db);
    await expect(forged).rejects.toThrow(/check|constraint/i);
    const longer = sql`update switches set expires_at = thrown_at + interval '25 hours'
      where switch_id = ${switchId}`.execute(storage.db);
    await expect(longer).rejects.toThrow(/check|constraint/i);
  });

  it('runs out by itself, also before anybody writes it down, and then once', async () => {
    const { decisions, ask, stop, clock, ledger, lift, second } = await open();
    const { switchId } = await stop(accounts, 1);
    clock.advance(59_999);
    expect((await decisions.decide(ask('account:read'))).effect).toBe('deny');
    clock.advance(1);
    expect((await decisions.decide(ask('account:read'))).effect).toBe('permit');
    expect(await codeOf(lift(second, switchId))).toBe('switch.closed');
    await decisions.followSwitches();
    await decisions.followSwitches();
    expect(await ledger.drafts('switch.expired')).toHaveLength(1);
  });

  it('keeps the name of whom it stops, and the note, out of what is in clear', async () => {
    const { stop, ledger, ids } = await open();
    await stop({ kind: 'agent', subjectId: ids.agent });
    const [entry] = await ledger.drafts('switch.thrown');
    const { personal, subjects, ...clear } = entry!;
    expect(JSON.stringify(clear)).not.toContain(ids.agent);
    expect(JSON.stringify(clear)).not.toContain('Three refunds');
    expect(subjects).toMatchObject({ stopped: ids.agent });
    expect(personal?.[0]?.fields).toEqual({ note: 'Three refunds to one card.' });
  });

  it('is the last of a hundred', async () => {
    const { stop, storage } = await open();
    await stop(accounts);
    await sql`insert into switches select tenant, switch_id || n, target_kind, target_name, reason_code,
      note, thrown_by, thrown_at, expires_at, evidence_id from switches, generate_series(1, 99) as n`.execute(
      storage.db,
    );
    expect(await codeOf(stop(accounts))).toBe('switch.too-many');
  });
});

describe('another node', () => {
  it('refuses within two seconds of a throw, and opens within two of a lift (P6)', async () => {
    const { contextOf, clock, ask, stop, lift, second } = await open();
    const there = contextOf();
    const question = ask('account:read');
    expect(await findStop(there, question)).toBeUndefined();
    const { switchId } = await stop(accounts);
    clock.advance(1_000);
    expect(await findStop(there, question)).toBeDefined();
    await lift(second, switchId);
    clock.advance(1_000);
    expect(await findStop(there, question)).toBeUndefined();
  });

  it('that cannot read the switches goes on for less than two seconds, then refuses (P7)', async () => {
    const { contextOf, clock, ask, storage } = await open();
    const there = contextOf();
    const question = ask('account:read');
    expect(await findStop(there, question)).toBeUndefined();
    await sql`alter table switches rename to switches_gone`.execute(storage.db);
    clock.advance(1_999);
    expect(await findStop(there, question)).toBeUndefined();
    clock.advance(1);
    expect((await findStop(there, question))?.reason.policy).toBe('switch.unreadable');
    // A clock that is set back makes nothing young again.
    clock.advance(-60_000);
    expect((await findStop(there, question))?.reason.policy).toBe('switch.unreadable');
    await sql`alter table switches_gone rename to switches`.execute(storage.db);
    expect(await findStop(there, question)).toBeUndefined();
  });

  it('that has never read them refuses at once (P7)', async () => {
    const { contextOf, ask, storage } = await open();
    await sql`drop table switches`.execute(storage.db);
    const stop = await findStop(contextOf(), ask('account:read'));
    expect(stop?.reason.policy).toBe('switch.unreadable');
  });

  it('takes a row that it does not understand for unreadable, not for none (P7)', async () => {
    const { contextOf, ask, storage, stop } = await open();
    await stop(accounts);
    await sql`update switches set target_name = 'something:new'`.execute(storage.db);
    const found = await findStop(contextOf(), ask('invoice:read'));
    expect(found?.reason.policy).toBe('switch.unreadable');
  });
});

describe('before it is thrown', () => {
  it('shows the sessions, the calls and the permits of the last hour that it would hit', async () => {
    const { deps, decisions, ask, ids, clock, second } = await open();
    await decisions.decide(ask('account:read'));
    clock.advance(61 * 60_000);
    await decisions.decide(ask('account:read'));
    await decisions.decide(ask('account:read'));
    await decisions.decide(ask('invoice:read'));
    const onShift: DecisionsDeps['onShift'] = async () => [
      { subjectId: ids.agent, roles: ['billing-agent'], sessions: 2, calls: 1 },
      { subjectId: second, roles: ['auditor'], sessions: 1, calls: 0 },
    ];
    const there = createDecisions({ ...deps, onShift });
    await there.release(productPolicies());
    const forecast = (target: SwitchTarget) =>
      call<SwitchForecast>(there, 'switches.forecast', { body: { target } });
    expect(await forecast(accounts)).toEqual({
      label: 'read the account',
      people: 1,
      sessions: 2,
      calls: 1,
      decisions: { stopped: 2, of: 3, isPartial: false },
    });
    expect(await forecast({ kind: 'agent', subjectId: second })).toMatchObject({
      people: 1,
      sessions: 1,
      decisions: { stopped: 0 },
    });
    expect(await forecast({ kind: 'everything-but-reading' })).toMatchObject({
      people: 1,
      decisions: { stopped: 0, of: 3 },
    });
  });
});
