import { newId } from '@proofline/kernel';
import type { AccessTask } from '@proofline/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../decisions/testing/refusals.ts';
import { approvalsWorld, type Person } from './testing/approvals-world.ts';
import { enforcementPointOf } from './testing/enforcement-point.ts';

let world: Awaited<ReturnType<typeof approvalsWorld>>;
let gateway: ReturnType<typeof enforcementPointOf>;
beforeEach(async () => {
  world = await approvalsWorld();
  gateway = enforcementPointOf(world);
});
afterEach(() => world.storage.close());

const approvalOf = ({ result }: AccessTask) => {
  if (!result) throw new Error('the task has no result');
  return result.approval;
};

describe('an access request', () => {
  it('goes from the denial over a supervisor’s yes to one permit', async () => {
    const { supervisor, answer, list, agent, ledger, ids } = world;
    const denied = await gateway.evaluate();
    expect(denied).toMatchObject({ decision: false, context: { reason: 'approval_required' } });
    expect(denied.context.access_request?.endpoint).toMatch(/\/access\/v1\/requests$/);
    const sent = gateway.submissionFor(denied);
    const { task, result } = await gateway.submit(sent);
    expect(task).toMatchObject({ status: 'pending' });
    expect(task.status_endpoint).toMatch(new RegExp(`/access/v1/requests/${task.id}$`));
    expect(result).toBeUndefined();
    expect((await gateway.evaluate()).decision).toBe(false);

    const [waiting] = await list(agent);
    // Whoever approves sees that these are not the agent's words.
    const note = 'Asked for by the system ‘svc_gateway’: Charged twice in May.';
    expect(waiting).toMatchObject({ state: 'open', note });
    const [entry] = await ledger.drafts('approval.requested');
    expect(entry?.subjects).toEqual({
      actor: 'svc_gateway',
      requestedBy: agent.subjectId,
      customer: world.ids.customer,
    });
    expect(entry?.causes).toContain(denied.context.proofline?.evidenceId);
    expect(entry?.causes).toHaveLength(3);

    await answer(supervisor, waiting!.approvalId);
    const approval = approvalOf(await gateway.poll(task.id));
    const permit = await gateway.evaluate(approval);
    expect(permit).toMatchObject({
      decision: true,
      context: { approval: { id: approval.id, approved_until: approval.approved_until } },
    });
    const again = await gateway.evaluate(approval);
    expect(again).toMatchObject({
      decision: false,
      context: { reason: 'approval_expired', next_action: 'request' },
    });
    expect(again.context.access_request).toBeDefined();
    expect((await gateway.poll(task.id)).task.status).toBe('approved');
    expect((await ledger.drafts('approval.used'))[0]?.refs).toMatchObject({
      interactionId: ids.call,
    });
  });

  it('that is rejected, or that nobody answers, opens nothing', async () => {
    const { supervisor, answer, list, agent, clock } = world;
    const first = await gateway.submit(gateway.submissionFor(await gateway.evaluate()));
    await answer(supervisor, (await list(agent))[0]!.approvalId, 'reject');
    expect(await gateway.poll(first.task.id)).toEqual({
      task: { ...first.task, status: 'denied' },
    });
    const second = await gateway.submit(gateway.submissionFor(await gateway.evaluate()));
    expect(second.task.id).not.toBe(first.task.id);
    clock.advance(600_000);
    expect((await gateway.poll(second.task.id)).task.status).toBe('expired');
    expect((await gateway.evaluate()).decision).toBe(false);
  });

  it('is opened once by one denial, whatever is repeated', async () => {
    const { list, agent } = world;
    const sent = gateway.submissionFor(await gateway.evaluate());
    const [one, two] = await Promise.all([gateway.submit(sent), gateway.submit(sent)]);
    expect(one).toEqual(two);
    expect(await gateway.submit(sent, 'k-1')).toEqual(one);
    expect(await list(agent)).toHaveLength(1);
    const thief = enforcementPointOf(world, 'svc_other');
    expect(await codeOf(thief.submit(sent))).toBe('access-request.invalid-binding');
    expect(await codeOf(thief.poll(one.task.id))).toBe('access-request.unknown-task');
    expect(await codeOf(gateway.poll(newId('arq', world)))).toBe('access-request.unknown-task');
  });

  it('keeps a key for the body that it came with', async () => {
    const sent = gateway.submissionFor(await gateway.evaluate());
    const first = await gateway.submit(sent, 'k-1');
    expect(await gateway.submit(sent, 'k-1')).toEqual(first);
    const more = { ...sent, requested_access: { ...sent.requested_access, justification: 'x' } };
    expect(await codeOf(gateway.submit(more, 'k-1'))).toBe('access-request.duplicate');
    expect(await codeOf(gateway.submit(sent, 'k'.repeat(201)))).toBe('request.malformed');
  });

  it('is for exactly what was denied', async () => {
    const { content, colleague, ids, clock, list, agent } = world;
    const denied = await gateway.evaluate();
    const sent = gateway.submissionFor(denied);
    const { denial, context, requested_access: wanted } = sent;
    const other = gateway.submissionFor(denied, content(90_000));
    const changes: [string, object][] = [
      ['another amount', { requested_access: other.requested_access }],
      ['another amount, with its digest', { ...other, denial }],
      ['no digest', { context: { ...context, content_digest: undefined } }],
      ['another account', { resource: { type: 'Account', id: 'HX-20018' } }],
      ['another action', { action: { name: 'billing-address:update' } }],
      ['somebody else', { subject: { type: 'Staff', id: colleague.subjectId } }],
      ['another call', { requested_access: { ...wanted, interaction_id: newId('int', world) } }],
      ['a longer time', { denial: { ...denial, expires_at: '2099-01-01T00:00:00.000Z' } }],
      ['another evaluation', { denial: { ...denial, evaluation_id: newId('dec', world) } }],
      ['no token', { denial: { ...denial, binding_token: undefined } }],
      ['a touched token', { denial: { ...denial, binding_token: `${denial.binding_token}A` } }],
    ];
    for (const [name, change] of changes) {
      const code = await codeOf(gateway.submit({ ...sent, ...change }));
      expect(`${name}: ${code}`).toBe(`${name}: access-request.invalid-binding`);
    }
    const notLive = { context: { ...context, session_id: undefined } };
    expect(await codeOf(gateway.submit({ ...sent, ...notLive }))).toBe(
      'access-request.not-requestable',
    );
    world.call.state = 'ended';
    expect(await codeOf(gateway.submit(sent))).toBe('access-request.not-requestable');
    world.call.state = 'live';
    world.call.agentId = colleague.subjectId;
    expect(await codeOf(gateway.submit(sent))).toBe('access-request.not-requestable');
    world.call.agentId = ids.agent;
    clock.advance(601_000);
    expect(await codeOf(gateway.submit(sent))).toBe('access-request.expired-denial');
    expect(await list(agent)).toEqual([]);
  });

  it('gives no approval that counts for another question, person or time', async () => {
    const { supervisor, answer, list, agent, content, clock } = world;
    const { task } = await gateway.submit(gateway.submissionFor(await gateway.evaluate()));
    await answer(supervisor, (await list(agent))[0]!.approvalId);
    const approval = approvalOf(await gateway.poll(task.id));
    const reviewed = async (brought: object, sent = content()) => {
      const { decision, context } = await gateway.evaluate(brought, sent);
      return [decision, context.reason, context.next_action];
    };
    expect(await reviewed(approval, content(90_000))).toEqual([false, 'out_of_scope', 'request']);
    const unknown = [false, 'approval_unverifiable', 'none'];
    expect(await reviewed({ ...approval, id: newId('apr', world) })).toEqual(unknown);
    expect(await reviewed({ approved_until: approval.approved_until })).toEqual(unknown);
    expect(await reviewed(['apr'])).toEqual(unknown);
    world.revokedSessions.add(supervisor.sessionId);
    expect(await reviewed(approval)).toEqual([false, 'approval_expired', 'request']);
    world.revokedSessions.clear();
    clock.advance(600_000);
    expect(await reviewed(approval)).toEqual([false, 'approval_expired', 'request']);
  });
});

describe('asking in person', () => {
  it('with the token of a denial is for exactly what was denied, and names it as a cause', async () => {
    const { agent, colleague, ask, content, clock, ledger } = world;
    const { context } = await gateway.evaluate();
    const bindingToken = context.access_request?.binding_token ?? 'none';
    const refused = (as: Person, body: object) => codeOf(ask(as, { ...body, bindingToken }));
    expect(await refused(agent, content(25_001))).toBe('approval.other-request');
    expect(await refused(colleague, content())).toBe('access.denied');
    await ask(agent, { ...content(), bindingToken });
    const [entry] = await ledger.drafts('approval.requested');
    expect(entry?.subjects).toEqual({
      actor: agent.subjectId,
      customer: world.ids.customer,
    });
    expect(entry?.causes).toContain(context.proofline?.evidenceId);
    expect(entry?.causes).toHaveLength(2);
    clock.advance(601_000);
    expect(await refused(agent, content())).toBe('approval.other-request');
  });
});
