import { newId } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approvalsWorld } from './testing/approvals-world.ts';

let world: Awaited<ReturnType<typeof approvalsWorld>>;
beforeEach(async () => {
  world = await approvalsWorld();
});
afterEach(() => world.storage.close());

const refusal = async (promise: Promise<unknown>): Promise<ProblemError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw new Error('expected a refusal', { cause: error });
  return error;
};
const TEN_MINUTES_MS = 600_000;

describe('asking', () => {
  it('opens a request with the exact content, and tells the desk', async () => {
    const { agent, ask, content, events, ledger, ids } = world;
    const approval = await ask(agent, { ...content(), note: 'Charged twice in May.' });
    expect(approval).toMatchObject({
      state: 'open',
      content: content(),
      requestedBy: { subjectId: agent.subjectId, displayName: 'Ines Amaral' },
      note: 'Charged twice in May.',
    });
    expect(approval.contentDigest).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(events).toEqual([
      {
        type: 'approval.changed',
        staffId: agent.subjectId,
        desk: 'Harbour',
        approvalId: approval.approvalId,
      },
    ]);
    const [entry] = await ledger.drafts('approval.requested');
    expect(entry?.refs).toEqual({ approvalId: approval.approvalId, interactionId: ids.call });
    expect(entry?.causes).toHaveLength(1);
    const { personal, ...clear } = entry!;
    expect(JSON.stringify(clear)).not.toMatch(/HX-20017|25000|Charged/);
    expect(JSON.stringify(clear)).not.toContain(approval.contentDigest);
    expect(personal?.[0]?.fields['note']).toBe('Charged twice in May.');
  });
  it('reuses the same open request, and opens another for another cent', async () => {
    const { agent, ask, content, events } = world;
    const first = await ask(agent);
    expect((await ask(agent)).approvalId).toBe(first.approvalId);
    const reordered = Object.fromEntries(Object.entries(content().body).toReversed());
    expect((await ask(agent, { ...content(), body: reordered })).approvalId).toBe(first.approvalId);
    expect((await ask(agent, content(25_001))).approvalId).not.toBe(first.approvalId);
    expect(events).toHaveLength(2);
  });
  it('opens one request when asked twice at the same time', async () => {
    const { agent, ask } = world;
    const [one, two] = await Promise.all([ask(agent), ask(agent)]);
    expect(one.approvalId).toBe(two.approvalId);
  });
  it('is refused when the call has ended', async () => {
    world.call.state = 'ended';
    const error = await refusal(world.ask(world.agent));
    expect(error.code).toBe('interaction.ended');
    expect(error.details.reasons?.[0]?.text).toBe('The call has ended.');
  });
  it('is refused in the same words for a colleague’s call and for none at all (P9)', async () => {
    const { colleague, ask, content } = world;
    const said = async (body: object) => {
      const { code, details } = await refusal(ask(colleague, body));
      return { code, ...details, decisionId: undefined };
    };
    const foreign = await said(content());
    expect(foreign.code).toBe('access.denied');
    expect(await said({ ...content(), interactionId: newId('int', world) })).toEqual(foreign);
    world.call.state = 'ended';
    expect(await said(content())).toEqual(foreign);
  });
  it('is refused for a text that has no canonical form', async () => {
    const { agent, ask, content } = world;
    const error = await refusal(ask(agent, { ...content(), body: { reason: '\ud800' } }));
    expect(error.code).toBe('request.malformed');
  });
  it('is refused for more than somebody can read', async () => {
    const { agent, ask, content } = world;
    const error = await refusal(ask(agent, { ...content(), body: { text: 'x'.repeat(8_000) } }));
    expect(error.code).toBe('request.too-large');
  });
  it('is refused when twenty requests wait already', async () => {
    const { agent, ask, content } = world;
    for (let cents = 1; cents <= 20; cents += 1) await ask(agent, content(cents));
    expect((await refusal(ask(agent, content(21)))).code).toBe('request.too-many');
    expect((await ask(agent, content(20))).state).toBe('open');
  });
});

describe('taking back', () => {
  it('ends what nobody has answered, in evidence, and tells the desk', async () => {
    const { agent, supervisor, ask, answer, withdraw, list, ledger, events } = world;
    const open = await ask(agent);
    expect(await withdraw(agent, open.approvalId)).toMatchObject({ state: 'withdrawn' });
    expect((await list(agent, 'withdrawn')).map(({ approvalId }) => approvalId)).toEqual([
      open.approvalId,
    ]);
    const [requested] = await ledger.drafts('approval.requested');
    const [entry] = await ledger.drafts('approval.withdrawn');
    expect(entry).toMatchObject({
      refs: { approvalId: open.approvalId },
      subjects: { actor: agent.subjectId, requestedBy: agent.subjectId },
      facts: { requestEnds: true },
    });
    expect(entry?.causes).toHaveLength(2);
    expect(entry?.causes).toContain(requested?.id);
    expect(events.at(-1)).toMatchObject({ desk: 'Harbour', approvalId: open.approvalId });
    // Nobody can say yes to it any more, and the same can be asked for anew.
    expect((await refusal(answer(supervisor, open.approvalId))).code).toBe('access.denied');
    expect((await ask(agent)).approvalId).not.toBe(open.approvalId);
  });
  it('is for one’s own request alone; a colleague’s and none look the same (P9)', async () => {
    const { agent, colleague, both, ask, withdraw, list } = world;
    const open = await ask(agent);
    for (const person of [colleague, both]) {
      const [foreign, none] = [
        await refusal(withdraw(person, open.approvalId)),
        await refusal(withdraw(person, newId('apr', world))),
      ];
      expect(foreign).toMatchObject({ code: 'access.denied' });
      expect({ ...none.details, decisionId: '' }).toEqual({ ...foreign.details, decisionId: '' });
    }
    expect(await list(agent, 'open')).toHaveLength(1);
  });
  it('comes too late after an answer, after its time, and a second time', async () => {
    const { agent, supervisor, ask, answer, withdraw, content, clock } = world;
    const approved = await ask(agent);
    await answer(supervisor, approved.approvalId);
    const rejected = await ask(agent, content(1));
    await answer(supervisor, rejected.approvalId, 'reject');
    const taken = await ask(agent, content(2));
    await withdraw(agent, taken.approvalId);
    const old = await ask(agent, content(3));
    clock.advance(TEN_MINUTES_MS);
    for (const { approvalId } of [approved, rejected, taken, old]) {
      expect((await refusal(withdraw(agent, approvalId))).code).toBe('approval.closed');
    }
  });
  it('and an answer at the same moment: one of them holds', async () => {
    const { agent, supervisor, ask, answer, withdraw, list } = world;
    const { approvalId } = await ask(agent);
    const outcomes = await Promise.allSettled([
      answer(supervisor, approvalId),
      withdraw(agent, approvalId),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [row] = await list(agent);
    expect(row?.state).toBe(outcomes[0].status === 'fulfilled' ? 'approved' : 'withdrawn');
  });
});

describe('deciding', () => {
  it('approves with a reason code, durably, and tells the agent', async () => {
    const { agent, supervisor, ask, answer, ledger, events, ids } = world;
    const open = await ask(agent);
    const approved = await answer(supervisor, open.approvalId);
    expect(approved).toMatchObject({
      state: 'approved',
      reasonCode: 'duplicate-charge',
      decidedBy: { displayName: 'Ruth Okafor' },
    });
    const [requested] = await ledger.drafts('approval.requested');
    const [decided] = await ledger.drafts('approval.decided');
    expect(decided).toMatchObject({
      subjects: { actor: supervisor.subjectId, requestedBy: agent.subjectId },
      facts: { verdict: 'approve', reasonCode: 'duplicate-charge' },
    });
    // Whoever searches for the customer of the call finds both.
    for (const entry of [requested, decided]) {
      expect(entry?.subjects?.['customer']).toBe(ids.customer);
    }
    expect(decided?.causes).toContain(requested?.id);
    expect(ledger.awaited).toContain(decided?.id);
    expect(events.at(-1)).toMatchObject({ staffId: agent.subjectId, approvalId: open.approvalId });
  });
  it('never takes one’s own decision, whatever one’s roles', async () => {
    const { both, ask, answer } = world;
    world.call.agentId = both.subjectId;
    const own = await ask(both);
    const error = await refusal(answer(both, own.approvalId));
    expect(error.code).toBe('access.denied');
    expect(error.details.reasons?.[0]?.policy).toBe('context.approval-own');
  });
  it('never takes one’s own decision even when the policies were to permit it', async () => {
    const { both, ask, approvals, supervisor, decisions } = world;
    world.call.agentId = both.subjectId;
    const own = await ask(both);
    const decision = await decisions.decide({
      subject: { type: 'Staff', id: supervisor.subjectId },
      sessionId: supervisor.sessionId,
      action: 'approval:decide',
      resource: { type: 'Approval', id: own.approvalId },
    });
    const route = approvals.routes.find(({ route: one }) => one.id === 'approvals.decide')!;
    const forged = route.handler({
      caller: { kind: 'staff', ...both },
      params: { approvalId: own.approvalId },
      body: { verdict: 'approve', reasonCode: 'goodwill' },
      decision,
    } as never);
    expect((await refusal(forged)).code).toBe('approval.not-yours');
  });
  it('refuses another desk’s supervisor and an unknown approval in the same words (P9)', async () => {
    const { agent, otherDesk, ask, answer } = world;
    const open = await ask(agent);
    const said = async (approvalId: string) => {
      const { code, details } = await refusal(answer(otherDesk, approvalId));
      return { code, ...details, decisionId: undefined };
    };
    const foreign = await said(open.approvalId);
    expect(foreign.code).toBe('access.denied');
    expect(await said(newId('apr', world))).toEqual(foreign);
  });
  it('refuses an agent', async () => {
    const { agent, colleague, ask, answer } = world;
    const open = await ask(agent);
    expect((await refusal(answer(colleague, open.approvalId))).code).toBe('access.denied');
  });
  it('happens once', async () => {
    const { agent, supervisor, secondSupervisor, ask, answer } = world;
    const open = await ask(agent);
    await answer(supervisor, open.approvalId, 'reject');
    const error = await refusal(answer(secondSupervisor, open.approvalId));
    expect(error.code).toBe('access.denied');
    expect(error.details.reasons?.[0]?.policy).toBe('context.approval-open');
  });
  it('happens once when two supervisors press at the same time', async () => {
    const { agent, supervisor, secondSupervisor, ask, answer, ledger, list } = world;
    const open = await ask(agent);
    const outcomes = await Promise.allSettled([
      answer(supervisor, open.approvalId, 'approve'),
      answer(secondSupervisor, open.approvalId, 'reject'),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const lost = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(['approval.closed', 'access.denied']).toContain(
      (lost?.reason as ProblemError | undefined)?.code,
    );
    expect(await ledger.drafts('approval.decided')).toHaveLength(1);
    expect(['approved', 'rejected']).toContain((await list(agent))[0]?.state);
  });
  it('is too late after ten minutes', async () => {
    const { agent, supervisor, ask, answer, clock, list } = world;
    const open = await ask(agent);
    clock.advance(TEN_MINUTES_MS);
    expect((await refusal(answer(supervisor, open.approvalId))).code).toBe('access.denied');
    expect((await list(agent))[0]?.state).toBe('expired');
    expect((await ask(agent)).approvalId).not.toBe(open.approvalId);
  });
});

describe('using', () => {
  it('permits exactly what was approved, once, with the whole chain as causes', async () => {
    const { agent, supervisor, ask, answer, refund, ledger, list } = world;
    expect((await refund()).remedies).toEqual([{ kind: 'approval', action: 'refund:initiate' }]);
    const open = await ask(agent);
    expect((await refund()).effect).toBe('deny');
    await answer(supervisor, open.approvalId);
    const permit = await refund();
    expect(permit.effect).toBe('permit');
    const [decided] = await ledger.drafts('approval.decided');
    const [used] = await ledger.drafts('approval.used');
    expect(used?.causes).toEqual([decided?.id, permit.evidenceId]);
    expect(used?.refs).toMatchObject({
      decisionId: permit.decisionId,
      approvalId: open.approvalId,
    });
    const made = (await ledger.drafts('decision.made')).find(({ id }) => id === permit.evidenceId);
    expect(made?.causes).toContain(decided?.id);
    expect((await list(agent))[0]?.state).toBe('used');

    expect((await refund()).effect).toBe('deny');
    expect(await ledger.drafts('approval.used')).toHaveLength(1);
  });
  it('is won by exactly one of many requests at the same time', async () => {
    const { agent, supervisor, ask, answer, refund, ledger } = world;
    await answer(supervisor, (await ask(agent)).approvalId);
    const effects = await Promise.all(Array.from({ length: 6 }, () => refund()));
    expect(effects.filter(({ effect }) => effect === 'permit')).toHaveLength(1);
    expect(await ledger.drafts('approval.used')).toHaveLength(1);
  });
  it('does not permit changed content, another account, another call or another agent', async () => {
    const { agent, colleague, supervisor, ask, answer, refund, content } = world;
    await answer(supervisor, (await ask(agent)).approvalId);
    expect((await refund(content(25_001))).effect).toBe('deny');
    const otherAccount = { ...content(), resource: { type: 'Account', id: 'HX-20018' } };
    expect((await refund(otherAccount)).effect).toBe('deny');
    expect((await refund({ ...content(), interactionId: newId('int', world) })).effect).toBe(
      'deny',
    );
    world.call.agentId = colleague.subjectId;
    expect((await refund(content(), colleague)).effect).toBe('deny');
    world.call.agentId = agent.subjectId;
    expect((await refund()).effect).toBe('permit');
  });
  it('does not count for another action or account, though the right digest is sent with it', async () => {
    const { agent, supervisor, ask, answer, decisions, ids } = world;
    const { contentDigest } = await answer(supervisor, (await ask(agent)).approvalId);
    const decision = await decisions.decide({
      subject: { type: 'Staff', id: agent.subjectId },
      grantId: ids.grant,
      sessionId: agent.sessionId,
      action: 'refund:initiate',
      resource: { type: 'Account', id: 'HX-20018' },
      request: { amountCents: 90_000, contentDigest },
    });
    expect(decision.remedies).toEqual([{ kind: 'approval', action: 'refund:initiate' }]);
  });
  it('is over ten minutes after the approval', async () => {
    const { agent, supervisor, ask, answer, refund, clock } = world;
    const open = await ask(agent);
    clock.advance(TEN_MINUTES_MS - 1);
    await answer(supervisor, open.approvalId);
    clock.advance(TEN_MINUTES_MS);
    expect((await refund()).effect).toBe('deny');
  });
  it('does not follow from a rejection', async () => {
    const { agent, supervisor, ask, answer, refund } = world;
    await answer(supervisor, (await ask(agent)).approvalId, 'reject');
    expect((await refund()).effect).toBe('deny');
  });
  it('does not outlive the approver’s session when somebody takes that away; it is asked for anew', async () => {
    const { agent, supervisor, secondSupervisor, ask, answer, refund, list } = world;
    const first = await answer(supervisor, (await ask(agent)).approvalId);
    world.revokedSessions.add(supervisor.sessionId);
    expect((await refund()).remedies).toEqual([{ kind: 'approval', action: 'refund:initiate' }]);
    expect((await list(agent))[0]?.state).toBe('revoked');
    expect(await list(agent, 'approved')).toEqual([]);
    expect(await list(agent, 'revoked')).toHaveLength(1);
    // Ids follow time: of one and the same millisecond nobody knows which came last.
    world.clock.advance(1);
    const again = await ask(agent);
    expect(again).toMatchObject({ state: 'open' });
    expect(again.approvalId).not.toBe(first.approvalId);
    await answer(secondSupervisor, again.approvalId);
    expect((await refund()).effect).toBe('permit');
  });
  it('says at once on the screens that it no longer counts, and nothing when its giver signs out', async () => {
    const { agent, supervisor, ask, answer, approvals, events } = world;
    const { approvalId } = await answer(supervisor, (await ask(agent)).approvalId);
    events.length = 0;
    await approvals.sessionEnded(supervisor.sessionId);
    expect(events).toEqual([]);
    world.revokedSessions.add(supervisor.sessionId);
    await approvals.sessionEnded(agent.sessionId);
    expect(events).toEqual([]);
    await approvals.sessionEnded(supervisor.sessionId);
    expect(events).toEqual([
      { type: 'approval.changed', staffId: agent.subjectId, desk: 'Harbour', approvalId },
    ]);
  });
  it('is not spent on what needs no approval', async () => {
    const { agent, supervisor, ask, answer, refund, content, list } = world;
    await answer(supervisor, (await ask(agent, content(500))).approvalId);
    expect((await refund(content(500))).effect).toBe('permit');
    expect((await list(agent))[0]?.state).toBe('approved');
  });
});
