import { newId } from '@proofline/kernel';
import type { AccessTask } from '@proofline/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../decisions/testing/refusals.ts';
import { approvalsWorld } from './testing/approvals-world.ts';
import { enforcementPointOf } from './testing/enforcement-point.ts';

let world: Awaited<ReturnType<typeof approvalsWorld>>;
let gateway: ReturnType<typeof enforcementPointOf>;
beforeEach(async () => {
  world = await approvalsWorld();
  gateway = enforcementPointOf(world);
});
afterEach(() => world.storage.close());

const statusesOf = ({ task }: AccessTask) => [
  task.status,
  ...(task.items ?? []).map(({ status }) => status),
];
/** Denials of refunds of these amounts, each with its content. */
const deniedOf = (...amounts: number[]) =>
  Promise.all(
    amounts.map(async (cents) => {
      const sent = world.content(cents);
      return [await gateway.evaluate(undefined, sent), sent] as const;
    }),
  );
const answered = async (amountCents: number, verdict: 'approve' | 'reject') => {
  const open = await world.list(world.agent);
  const one = open.find(({ content }) => content.body['amountCents'] === amountCents);
  await world.answer(world.supervisor, one?.approvalId ?? 'none', verdict);
};

describe('several things asked for at once', () => {
  it('are answered each for itself, and none stands for another', async () => {
    const sent = gateway.bulkOf(await deniedOf(25_000, 26_000, 27_000));
    const submitted = await gateway.submit(sent, 'k-1');
    expect(statusesOf(submitted)).toEqual(['pending', 'pending', 'pending', 'pending']);
    expect(submitted.task.items?.map(({ resource, action }) => ({ resource, action }))).toEqual(
      sent.items.map(({ resource, action }) => ({ resource, action })),
    );
    expect(await gateway.submit(sent, 'k-1')).toEqual(submitted);
    expect(await gateway.submit(sent)).toEqual(submitted);

    await answered(26_000, 'reject');
    await answered(25_000, 'approve');
    const between = await gateway.poll(submitted.task.id);
    expect(statusesOf(between)).toEqual(['pending', 'approved', 'denied', 'pending']);
    // Nothing stands at the top that could be taken for all of them.
    expect(between.result).toBeUndefined();
    const approval = between.task.items?.[0]?.result?.approval;
    const other = await gateway.evaluate(approval, world.content(27_000));
    expect([other.decision, other.context.reason]).toEqual([false, 'out_of_scope']);
    expect((await gateway.evaluate(approval, world.content(25_000))).decision).toBe(true);

    world.clock.advance(600_000);
    expect(statusesOf(await gateway.poll(submitted.task.id))).toEqual([
      'partial',
      'approved',
      'denied',
      'expired',
    ]);
  });

  it('are all of them what was denied, or nothing is opened', async () => {
    const denied = await deniedOf(25_000, 26_000);
    const sent = gateway.bulkOf(denied);
    const [first, second] = sent.items;
    const bodies: [string, object[], string][] = [
      ['one denial twice', [first!, first!], 'access-request.invalid-binding'],
      [
        'the denial of the other',
        [first!, { ...second!, denial: first!.denial }],
        'access-request.invalid-binding',
      ],
      [
        'another amount than was denied',
        [first!, { ...second!, requested_access: first!.requested_access }],
        'access-request.invalid-binding',
      ],
    ];
    for (const [name, items, code] of bodies) {
      expect(`${name}: ${await codeOf(gateway.submit({ ...sent, items }))}`).toBe(
        `${name}: ${code}`,
      );
    }
    // No denial of this PDP is of several things, so one at the top holds for none of them.
    const bundle = sent.items.map(({ denial: _own, ...item }) => item);
    expect(await codeOf(gateway.submit({ ...sent, denial: first!.denial, items: bundle }))).toBe(
      'access-request.invalid-binding',
    );
    expect(await world.list(world.agent)).toEqual([]);

    await gateway.submit(gateway.submissionFor(denied[0]![0], denied[0]![1]));
    // A denial that has opened a task opens no other, also in company.
    expect(await codeOf(gateway.submit(sent))).toBe('access-request.invalid-binding');
  });

  it.each([
    ['a resource beside the items', { resource: { type: 'Account', id: 'HX-20017' } }, 'left out'],
    ['an action beside the items', { action: { name: 'refund:initiate' } }, 'left out'],
    ['no item', { items: [] }, 'too_small'],
    ['no call at all', { requested_access: {} }, 'request.malformed'],
  ])('%s is not taken', async (_name, change, why) => {
    const sent = gateway.bulkOf(await deniedOf(25_000));
    await expect(gateway.submit({ ...sent, ...change })).rejects.toThrow(why);
  });
});

describe('taking an access request back', () => {
  it('ends what nobody has answered, and nothing else', async () => {
    const { task } = await gateway.submit(gateway.bulkOf(await deniedOf(25_000, 26_000)));
    await answered(25_000, 'approve');
    const cancelled = await gateway.cancel(task.id, { reason: 'call_over', comment: 'Hung up.' });
    expect(statusesOf(cancelled)).toEqual(['partial', 'approved', 'cancelled']);
    expect(await codeOf(gateway.cancel(task.id))).toBe('access-request.invalid-task-state');
    const [withdrawn] = await world.list(world.agent, 'withdrawn');
    expect(withdrawn?.content.body['amountCents']).toBe(26_000);
    expect(await world.list(world.agent, 'expired')).toEqual([]);
    expect(await codeOf(world.answer(world.supervisor, withdrawn!.approvalId))).toMatch(
      /access\.denied|approval\.closed/,
    );
    const [entry] = await world.ledger.drafts('approval.withdrawn');
    expect(entry?.subjects).toEqual({
      actor: 'svc_gateway',
      requestedBy: world.agent.subjectId,
      customer: world.ids.customer,
    });
    expect(entry?.facts).toEqual({ requestEnds: true });
    expect(JSON.stringify(entry?.personal)).toContain('Hung up.');
  });

  it('leaves alone what the agent had asked for in person', async () => {
    const denied = await gateway.evaluate();
    await world.ask(world.agent);
    const { task } = await gateway.submit(gateway.submissionFor(denied));
    expect((await gateway.cancel(task.id)).task.status).toBe('cancelled');
    const [open] = await world.list(world.agent, 'open');
    await world.answer(world.supervisor, open!.approvalId);
    // The task has come to its end once, and stays there.
    expect((await gateway.poll(task.id)).task.status).toBe('cancelled');
    expect((await gateway.poll(task.id)).result).toBeUndefined();
  });

  it('is for the service that asked, while the task can be asked after', async () => {
    const { task } = await gateway.submit(gateway.submissionFor(await gateway.evaluate()));
    const thief = enforcementPointOf(world, 'svc_other');
    expect(await codeOf(thief.cancel(task.id))).toBe('access-request.unknown-task');
    expect(await codeOf(gateway.cancel(newId('arq', world)))).toBe('access-request.unknown-task');
    world.clock.advance(Date.parse(task.expires_at) - world.clock.now() - 1);
    expect((await gateway.poll(task.id)).task.status).toBe('expired');
    expect(await codeOf(gateway.cancel(task.id))).toBe('access-request.invalid-task-state');
    world.clock.advance(1);
    expect(await codeOf(gateway.poll(task.id))).toBe('access-request.task-expired');
    expect(await codeOf(gateway.cancel(task.id))).toBe('access-request.task-expired');
  });
});

describe('a callback', () => {
  const submitted = async (callback: object) => {
    const sent = gateway.submissionFor(await gateway.evaluate());
    return gateway.submit({ ...sent, callback });
  };

  it('is told once that the task has ended, and nothing that opens anything', async () => {
    const { listener, approvals, clock } = world;
    const state = { flow: ['open', 7] };
    const { task } = await submitted({ endpoint: listener.url, state });
    expect(await approvals.deliverCallbacks()).toBe(0);
    await answered(25_000, 'approve');
    clock.advance(1_000);
    expect(await approvals.deliverCallbacks()).toBe(1);
    clock.advance(3_600_000);
    expect(await approvals.deliverCallbacks()).toBe(0);
    expect(listener.told).toEqual([
      {
        endpoint: listener.url,
        serviceId: 'svc_gateway',
        taskId: task.id,
        status: 'approved',
        state,
      },
    ]);
  });

  it('is tried a bounded number of times, further and further apart', async () => {
    const { listener, approvals, clock } = world;
    listener.answers = false;
    await submitted({ endpoint: listener.url });
    await answered(25_000, 'reject');
    const times: number[] = [];
    for (let second = 0; second < 7_200; second += 20) {
      clock.advance(20_000);
      const before = listener.told.length;
      await approvals.deliverCallbacks();
      if (listener.told.length > before) times.push(clock.now());
    }
    expect(listener.told).toHaveLength(12);
    const pauses = times.slice(1).map((time, place) => time - times[place]!);
    expect(pauses).toEqual(pauses.toSorted((one, two) => one - two));
    expect(pauses.at(-1)).toBeLessThanOrEqual(620_000);
  });

  it('is told only of the ends that it asked for', async () => {
    const { listener, approvals, clock } = world;
    await submitted({ endpoint: listener.url, events: ['denied', 'no-such-event'] });
    clock.advance(600_000);
    await approvals.deliverCallbacks();
    clock.advance(600_000);
    await approvals.deliverCallbacks();
    expect(listener.told).toEqual([]);
  });

  it('that this service has not registered opens no task', async () => {
    const refused = submitted({ endpoint: 'https://elsewhere.example/ended' });
    expect(await codeOf(refused)).toBe('access-request.callback-refused');
    expect(await world.list(world.agent)).toEqual([]);
  });
});
