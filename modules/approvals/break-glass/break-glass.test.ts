import { BreakGlass, breakGlassActions, actionNames, ProblemError } from '@proofline/protocol';
import { limits, newId } from '@proofline/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approvalsWorld, type Person } from '../testing/approvals-world.ts';
import { findAccess } from './store/break-glass-rows.ts';
import { breakGlassTables, type BreakGlassRow } from './store/break-glass-tables.ts';

let world: Awaited<ReturnType<typeof approvalsWorld>>;
beforeEach(async () => {
  world = await approvalsWorld();
  // Everybody has just touched a security key; each test takes away what it is about.
  confirmed(0);
});
afterEach(() => world.storage.close());

const RECORD = 'HX-20017';
const MINUTE_MS = 60_000;
const asked = {
  accountNumber: RECORD,
  categories: ['invoice', 'contact'],
  reasonCode: 'fraud-in-progress',
  note: 'The caller is threatened and cannot prove themselves.',
  minutes: 30,
};
const confirmed = (ageSeconds: number | undefined, phrAgeSeconds = 0) => {
  world.known['session'] = {
    values: {
      live: true,
      leftAloneSeconds: 0,
      phrAgeSeconds,
      ...(ageSeconds !== undefined && { phrhAgeSeconds: ageSeconds }),
    },
  };
};
const codeOf = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => {
      if (!(error instanceof ProblemError)) throw error;
      return error.code;
    },
  );
const request = async (as: Person = world.supervisor, change: object = {}) =>
  BreakGlass.parse(await world.serve('break-glass.request', as, { body: { ...asked, ...change } }));
interface Acting {
  readonly breakGlassId: string;
  readonly body?: object;
}
const act = async (id: string, as: Person, { body = {}, ...params }: Acting) =>
  BreakGlass.parse(await world.serve(`break-glass.${id}`, as, { params, body }));
const open = (as: Person, breakGlassId: string) =>
  act('answer', as, { breakGlassId, body: { answer: 'open' } });
const end = (as: Person, breakGlassId: string) => act('end', as, { breakGlassId });
const judge = (as: Person, breakGlassId: string) =>
  act('review', as, {
    breakGlassId,
    body: { verdict: 'justified', words: 'Two invoices, as was asked for.' },
  });
/** What the gateway asks with a token of break-glass. */
const ask = (action: string, as: Person = world.supervisor, change: object = {}) =>
  world.decisions.decide({
    subject: { type: 'Staff', id: as.subjectId },
    sessionId: as.sessionId,
    action,
    resource: { type: 'EmergencyRecord', id: RECORD },
    ...change,
  });
const reads = async (as?: Person, change?: object) =>
  (await ask('account:read', as, change)).effect;
const opened = async () => {
  const { breakGlassId } = await request();
  return open(world.security, breakGlassId);
};

describe('one asks, a second opens, a third judges', () => {
  it('reads what was named while it is open, and every step is evidence and told', async () => {
    const { supervisor, security, auditor, ledger, emergency, events } = world;
    const first = await request();
    expect(first).toMatchObject({ state: 'waiting', isOwn: true, uses: 0 });
    expect(first.categories).toEqual(['contact', 'invoice']);
    expect(await reads()).toBe('deny');
    const access = await open(security, first.breakGlassId);
    expect(access).toMatchObject({ state: 'open', openedBy: { displayName: 'Mara Dahl' } });
    const permit = await ask('account:read');
    expect(permit.effect).toBe('permit');
    expect(permit.obligations.fields).toMatchObject({ visible: ['public', 'contact', 'invoice'] });
    expect(permit.obligations.fields?.masked).toEqual([]);
    expect((await ask('invoice:read')).effect).toBe('permit');
    // Not named, so not opened.
    expect((await ask('usage:read')).effect).toBe('deny');
    world.clock.advance(10 * MINUTE_MS);
    expect((await end(supervisor, first.breakGlassId)).endedBecause).toBe('requester');
    expect(await reads()).toBe('deny');
    const shown = (await world.serve('break-glass.read', auditor, {
      params: { breakGlassId: first.breakGlassId },
    })) as { uses: { action: string; fields: object }[] };
    expect(shown.uses.map(({ action }) => action)).toEqual(['account:read', 'invoice:read']);
    expect(shown.uses[0]?.fields).toEqual(permit.obligations.fields);
    const judged = await judge(auditor, first.breakGlassId);
    expect(judged).toMatchObject({ state: 'reviewed', verdict: 'justified', uses: 2 });

    const steps = ['requested', 'opened', 'used', 'used', 'ended', 'reviewed'];
    const drafts = await Promise.all(
      [...new Set(steps)].map((step) => ledger.drafts(`break-glass.${step}` as never)),
    );
    expect(drafts.flat()).toHaveLength(steps.length);
    // Erasing the customer shreds their number.
    const [{ personal, subjects } = {}] = await ledger.drafts('break-glass.requested');
    expect(personal?.find(({ fields }) => 'accountNumber' in fields)?.subject).toBe(
      subjects?.['customer'],
    );
    expect(subjects?.['customer']).toBe(world.ids.customer);
    for (const draft of drafts.flat()) {
      expect(draft.refs?.['breakGlassId']).toBe(first.breakGlassId);
      const { personal: _, ...clear } = draft;
      expect(JSON.stringify(clear)).not.toMatch(/HX-20017|threatened/);
    }
    expect(emergency.told).toHaveLength(4);
    expect(emergency.told.every((text) => text.startsWith(supervisor.subjectId))).toBe(true);
    // Each reading as well: “read 0 times” stood on the screens after it.
    const changed = events.filter(({ type }) => type === 'break-glass.changed');
    expect(changed).toHaveLength(6);
    expect(changed[2]).toMatchObject({ breakGlassId: first.breakGlassId, desk: 'Harbour' });
  });
  it('is told as overdue when nobody judges it, and its requester gets no other until then', async () => {
    const { supervisor, security, auditor, approvals, clock, ledger } = world;
    const { breakGlassId } = await opened();
    await end(supervisor, breakGlassId);
    await request().then(({ breakGlassId: id }) => end(supervisor, id));
    clock.advance(72 * 60 * MINUTE_MS);
    await approvals.watchBreakGlass();
    await approvals.watchBreakGlass();
    expect(await ledger.drafts('break-glass.escalated')).toHaveLength(1);
    expect(await codeOf(request())).toBe('break-glass.review-overdue');
    const list = async (state: string) =>
      (await world.serve('break-glass.list', auditor, { query: { state } })) as {
        accesses: BreakGlass[];
      };
    expect((await list('overdue')).accesses.map((one) => one.breakGlassId)).toEqual([breakGlassId]);
    // A second security administrator had no part in it; the one who opened it had.
    expect(await codeOf(judge(security, breakGlassId))).toBe('access.denied');
    await judge(auditor, breakGlassId);
    expect((await list('overdue')).accesses).toEqual([]);
    expect((await request()).state).toBe('waiting');
  });
});

describe('no number of requests hides one from its judges', () => {
  /** As many again of one that there is, each with an id of its own, an hour older. */
  const crowd = async (breakGlassId: string, change: Partial<BreakGlassRow> = {}) => {
    const row = (await findAccess(world.storage.db, 'hx', breakGlassId))!;
    const requested_at = new Date(row.requested_at.getTime() - 60 * MINUTE_MS);
    const rows = Array.from({ length: limits.pageMaxItems }, () => ({
      ...row,
      ...change,
      requested_at: change.requested_at ?? requested_at,
      break_glass_id: newId('bgl', world),
    }));
    await breakGlassTables(world.storage.db).insertInto('break_glass').values(rows).execute();
  };
  it('an overdue review blocks, however many requests have lapsed since', async () => {
    const { clock, supervisor, approvals } = world;
    const first = await opened();
    await end(supervisor, first.breakGlassId);
    const lapsing = await request();
    await crowd(lapsing.breakGlassId, { requested_at: new Date(clock.now() + MINUTE_MS) });
    clock.advance(73 * 60 * MINUTE_MS);
    expect(await codeOf(request())).toBe('break-glass.review-overdue');
    await approvals.watchBreakGlass();
    expect(await codeOf(request())).toBe('break-glass.review-overdue');
    await judge(world.auditor, first.breakGlassId);
    expect((await request()).state).toBe('waiting');
  });
  it('the watch ends one that stands behind a whole page of others', async () => {
    const { breakGlassId } = await opened();
    const ended_at = new Date(world.clock.now());
    await crowd(breakGlassId, { ended_at, ended_because: 'requester' });
    world.clock.advance(31 * MINUTE_MS);
    await world.approvals.watchBreakGlass();
    expect((await judge(world.auditor, breakGlassId)).state).toBe('reviewed');
  });
  it('one person asks ten times within an hour, and then no more, whatever became of them', async () => {
    const { both, clock, supervisor } = world;
    for (let asks = 0; asks < 10; asks += 1) {
      await end(supervisor, (await request()).breakGlassId);
    }
    expect(await codeOf(request())).toBe('break-glass.too-many');
    // Counted for each by themselves.
    expect((await request(both)).state).toBe('waiting');
    clock.advance(60 * MINUTE_MS);
    expect((await request()).state).toBe('waiting');
  });
});

/** Of two at once one is done. The other is refused by the row, or by the policies, which see it moved. */
function expectOneDone(codes: readonly string[]): void {
  const [other = '', ...rest] = codes.filter((code) => code !== 'done');
  expect(rest).toEqual([]);
  expect(codes).toContain('done');
  expect(['break-glass.closed', 'access.denied']).toContain(other);
}

describe('whoever should not, does not', () => {
  it('nobody asks without a security key, nor in a role that policy does not name', async () => {
    const { agent, supervisor } = world;
    expect(await codeOf(request(agent))).toBe('access.denied');
    confirmed(undefined);
    expect(await codeOf(request())).toBe('access.step-up');
    confirmed(61);
    expect(await codeOf(request())).toBe('access.step-up');
    confirmed(0);
    expect((await request(supervisor)).state).toBe('waiting');
  });
  it('nobody opens their own, nor that of somebody whom they brought in, nor from another desk', async () => {
    const { both, otherDesk, secondSupervisor, emergency, agent } = world;
    const { breakGlassId } = await request(both);
    expect(await codeOf(open(both, breakGlassId))).toBe('access.denied');
    expect(await codeOf(open(otherDesk, breakGlassId))).toBe('access.denied');
    expect(await codeOf(open(agent, breakGlassId))).toBe('access.denied');
    emergency.broughtIn.add(secondSupervisor.subjectId);
    expect(await codeOf(open(secondSupervisor, breakGlassId))).toBe('access.denied');
    emergency.broughtIn.clear();
    confirmed(0, 61);
    expect(await codeOf(open(secondSupervisor, breakGlassId))).toBe('access.step-up');
    confirmed(0);
    expect((await open(secondSupervisor, breakGlassId)).state).toBe('open');
    // What was opened has no way to be opened again, longer, or by somebody else.
    expect(await codeOf(open(world.security, breakGlassId))).toBe('access.denied');
  });
  it('takes each step once, whoever presses twice', async () => {
    const { security, secondSupervisor, supervisor, auditor } = world;
    const { breakGlassId } = await request();
    expect(await codeOf(request())).toBe('break-glass.one-at-a-time');
    const both = [open(security, breakGlassId), open(secondSupervisor, breakGlassId)];
    expectOneDone(await Promise.all(both.map(codeOf)));
    expect(await codeOf(judge(auditor, breakGlassId))).toBe('access.denied');
    const ends = await Promise.all(
      [end(supervisor, breakGlassId), end(security, breakGlassId)].map(codeOf),
    );
    expectOneDone(ends);
    const verdicts = await Promise.all(
      [judge(auditor, breakGlassId), judge(auditor, breakGlassId)].map(codeOf),
    );
    expectOneDone(verdicts);
  });
  it('judges nothing that they asked for or opened', async () => {
    const { supervisor, security, auditor, emergency } = world;
    const { breakGlassId } = await opened();
    await end(supervisor, breakGlassId);
    expect(await codeOf(judge(supervisor, breakGlassId))).toBe('access.denied');
    expect(await codeOf(judge(security, breakGlassId))).toBe('access.denied');
    // Nor whoever brought one of the two in, or was brought in by them.
    for (const one of [supervisor, security]) {
      emergency.broughtInPairs.add(`${one.subjectId} ${auditor.subjectId}`);
      expect(await codeOf(judge(auditor, breakGlassId))).toBe('break-glass.not-yours');
      emergency.broughtInPairs.clear();
    }
    expect((await judge(auditor, breakGlassId)).state).toBe('reviewed');
  });
  it('sees another desk’s as little as none at all (P9)', async () => {
    const { otherDesk, agent } = world;
    const { breakGlassId } = await opened();
    const none = newId('bgl', world);
    for (const who of [otherDesk, agent]) {
      const said = await Promise.all(
        [breakGlassId, none].map((id) =>
          world.serve('break-glass.read', who, { params: { breakGlassId: id } }).then(
            () => 'shown',
            ({ code, details }: ProblemError) => ({ code, ...details, decisionId: undefined }),
          ),
        ),
      );
      expect(said[0]).toEqual(said[1]);
      expect(said[0]).toMatchObject({ code: 'access.denied' });
    }
    const list = await world.serve('break-glass.list', otherDesk);
    expect(list).toMatchObject({ accesses: [] });
  });
});

describe('it opens data, never identity (P1)', () => {
  it('permits nothing on the record but reading, whatever is asked for', async () => {
    await opened();
    const permitted: string[] = [];
    const more = ['evidence:erase', 'recovery:complete', 'session:impersonate', 'passkey:reset'];
    for (const action of [...actionNames, ...more]) {
      if ((await ask(action)).effect === 'permit') permitted.push(action);
    }
    expect(permitted).toEqual(['account:read', 'invoice:read']);
    expect(breakGlassActions).toEqual(expect.arrayContaining(permitted));
  });
  it('leaves every other question as it was: the fact is told of that record alone', async () => {
    await opened();
    const gather = world.approvals.factsProviders.find(({ name }) => name === 'breakGlass')!.gather;
    const { subjectId, sessionId } = world.supervisor;
    for (const type of ['Account', 'Staff', 'Session', 'Workforce', 'Policies', 'Evidence']) {
      const input = {
        subject: { type: 'Staff', id: subjectId },
        sessionId,
        action: 'account:read',
      };
      expect(await gather({ ...input, resource: { type, id: RECORD } })).toBeUndefined();
    }
  });
  it('reads no other record, for nobody else, and in no other session', async () => {
    const { supervisor, security, secondSupervisor } = world;
    await opened();
    expect(await reads()).toBe('permit');
    for (const id of ['HX-20018', 'hx-20017', ' HX-20017', '*']) {
      expect(await reads(supervisor, { resource: { type: 'EmergencyRecord', id } })).toBe('deny');
    }
    expect(await reads(security)).toBe('deny');
    expect(await reads(secondSupervisor)).toBe('deny');
    expect(await reads({ ...supervisor, sessionId: newId('ses', world) })).toBe('deny');
    expect(await reads(supervisor, { sessionId: undefined })).toBe('deny');
    // The record itself stays the customer’s: break-glass is no proof.
    const account = { resource: { type: 'Account', id: RECORD } };
    expect(await reads(supervisor, account)).toBe('deny');
  });
});

describe('it ends', () => {
  it.each([
    ['after its time', (): unknown => world.clock.advance(30 * MINUTE_MS)],
    ['when the clock goes back', (): unknown => world.clock.advance(-MINUTE_MS)],
    [
      'with the session in which it was asked for',
      () => world.emergency.endedSessions.add(world.supervisor.sessionId),
    ],
    [
      'when the opener’s session was taken away',
      () => world.revokedSessions.add(world.security.sessionId),
    ],
    [
      'with the role of whoever opened it',
      () => Object.assign(world.security, { roles: ['hr-officer'] }),
    ],
    [
      'when whoever opened it leaves before the permit is written down',
      () => world.emergency.goneMeanwhile.add(world.security.subjectId),
    ],
    ['when a security key is no longer fresh enough', (): unknown => confirmed(3_601)],
    [
      'with the role that may have it',
      () => Object.assign(world.supervisor, { roles: ['billing-agent'] }),
    ],
  ])('%s', async (_, happens) => {
    await opened();
    expect(await reads()).toBe('permit');
    happens();
    expect(await reads()).toBe('deny');
  });
  it('is closed when whoever opened it has no such role any more, for good', async () => {
    const { approvals, ledger, security, supervisor } = world;
    await opened();
    Object.assign(security, { roles: ['supervisor'] });
    await approvals.watchBreakGlass();
    const ends = await ledger.drafts('break-glass.ended');
    expect(ends.map(({ facts }) => facts?.['because'])).toEqual(['opener-gone']);
    Object.assign(security, { roles: ['security-admin'] });
    expect(await reads(supervisor)).toBe('deny');
  });
  it('is written down by the watch, once, and its session’s end is', async () => {
    const { approvals, clock, ledger, supervisor } = world;
    const first = await opened();
    clock.advance(30 * MINUTE_MS);
    await Promise.all([approvals.watchBreakGlass(), approvals.watchBreakGlass()]);
    await judge(world.auditor, first.breakGlassId);
    await opened();
    await approvals.sessionEnded(supervisor.sessionId);
    expect(await reads()).toBe('deny');
    const ends = await ledger.drafts('break-glass.ended');
    expect(ends.map(({ facts }) => facts?.['because'])).toEqual(['time', 'session']);
  });
  it('never lasts longer than an hour: the table takes no more, and no route prolongs', async () => {
    const { storage } = world;
    const access = await opened();
    const longer = breakGlassTables(storage.db)
      .updateTable('break_glass')
      .set({ minutes: 61 })
      .where('break_glass_id', '=', access.breakGlassId)
      .execute();
    await expect(longer).rejects.toThrow(/check constraint/);
    const own = breakGlassTables(storage.db)
      .updateTable('break_glass')
      .set({ opened_by: world.supervisor.subjectId })
      .where('break_glass_id', '=', access.breakGlassId)
      .execute();
    await expect(own).rejects.toThrow(/check constraint/);
  });
});
