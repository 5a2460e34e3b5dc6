import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approvalsWorld } from './testing/approvals-world.ts';

let world: Awaited<ReturnType<typeof approvalsWorld>>;
beforeEach(async () => {
  world = await approvalsWorld();
});
afterEach(() => world.storage.close());
const TEN_MINUTES_MS = 600_000;

describe('what became of it', () => {
  async function used() {
    const { agent, supervisor, ask, answer, refund } = world;
    const { approvalId } = await answer(supervisor, (await ask(agent)).approvalId);
    return { approvalId, ...(await refund()) };
  }

  it.each(['completed', 'upstream-refused', 'upstream-failed'] as const)(
    'is told to who asked and to who approved: %s',
    async (outcome) => {
      const { agent, supervisor, list, report } = world;
      const { decisionId } = await used();
      expect((await list(agent))[0]).not.toHaveProperty('outcome');
      await report(decisionId, outcome);
      expect((await list(agent))[0]).toMatchObject({ state: 'used', outcome });
      expect((await list(supervisor, 'used'))[0]).toMatchObject({ outcome });
    },
  );

  it('reaches the screens at once', async () => {
    const { agent, events, report } = world;
    const { approvalId, decisionId } = await used();
    events.length = 0;
    await report(decisionId, 'upstream-failed');
    await expect
      .poll(() => events)
      .toEqual([
        { type: 'approval.changed', staffId: agent.subjectId, desk: 'Harbour', approvalId },
      ]);
  });

  it('is not told of a request that used no approval up', async () => {
    const { agent, supervisor, ask, answer, refund, content, report, list, approvals } = world;
    const { approvalId } = await answer(supervisor, (await ask(agent, content(500))).approvalId);
    const { decisionId } = await refund(content(500));
    world.events.length = 0;
    await report(decisionId, 'upstream-refused');
    await approvals.resultReported({ approvalId });
    expect(world.events).toEqual([]);
    expect((await list(agent))[0]).toMatchObject({ state: 'approved' });
    expect((await list(agent))[0]).not.toHaveProperty('outcome');
  });

  it('leaves the same content to be asked for anew, as another request', async () => {
    const { agent, ask, report, refund } = world;
    const { approvalId, decisionId } = await used();
    await report(decisionId, 'upstream-refused');
    const again = await ask(agent);
    expect(again).toMatchObject({ state: 'open' });
    expect(again.approvalId).not.toBe(approvalId);
    // Asking is not having: the old approval opens nothing.
    expect((await refund()).effect).toBe('deny');
  });
});

describe('listing', () => {
  it('shows an agent their own, a supervisor those of their desk, by state', async () => {
    const { agent, colleague, supervisor, otherDesk, ask, answer, list, content, clock } = world;
    const first = await ask(agent, content(20_000));
    clock.advance(1000);
    const second = await ask(agent, content(30_000));
    await answer(supervisor, first.approvalId);
    const idsOf = async (...args: Parameters<typeof list>) =>
      (await list(...args)).map(({ approvalId }) => approvalId);
    expect(await idsOf(agent)).toEqual([second.approvalId, first.approvalId]);
    expect(await idsOf(supervisor)).toEqual([second.approvalId, first.approvalId]);
    expect(await idsOf(colleague)).toEqual([]);
    expect(await idsOf(otherDesk)).toEqual([]);
    expect(await idsOf(supervisor, 'open')).toEqual([second.approvalId]);
    expect(await idsOf(supervisor, 'approved')).toEqual([first.approvalId]);
    expect(await idsOf(supervisor, 'expired')).toEqual([]);
    clock.advance(TEN_MINUTES_MS);
    expect(await idsOf(supervisor, 'expired')).toEqual([second.approvalId, first.approvalId]);
    expect(await idsOf(supervisor, 'open')).toEqual([]);
  });
});
