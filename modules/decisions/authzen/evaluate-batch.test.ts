import { authzenLimits, evaluateAll } from '@proofline/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FactsSpent } from '../index.ts';
import { tablesOf } from '../store/tables.ts';
import { codeOf, openAuthzen, type AuthzenWorld } from '../testing/open-authzen.ts';

let world: AuthzenWorld | undefined;
const open = async () => (world = await openAuthzen());
afterEach(() => world?.storage.close());

describe('several evaluations', () => {
  const decisionsOf = (answer: unknown) =>
    z
      .object({ evaluations: z.array(z.object({ decision: z.boolean() })) })
      .parse(answer)
      .evaluations.map(({ decision }) => decision);
  const batch = (evaluations: unknown[], semantic?: string) => ({
    ...world!.question(),
    evaluations,
    ...(semantic && { options: { evaluations_semantic: semantic, unknown_option: 1 } }),
  });
  const permit = { action: { name: 'account:read' } };
  const denied = { action: { name: 'refund:initiate' } };

  it('share what stands at the top, and are answered in their order', async () => {
    const { ledger } = await open();
    const answer = await world!.call(evaluateAll, batch([permit, denied, {}]));
    expect(decisionsOf(answer)).toEqual([true, false, true]);
    const recorded = await ledger.drafts('decision.made');
    expect(recorded.map(({ facts }) => String(facts?.['action'])).toSorted()).toEqual([
      'account:read',
      'invoice:read',
      'refund:initiate',
    ]);
  });

  it('that are wrong fail alone, and say why', async () => {
    const { ledger } = await open();
    const answer = await world!.call(
      evaluateAll,
      batch([
        permit,
        { action: { name: 5 } },
        'nonsense',
        { context: { amount_cents: 'much' } },
        {},
      ]),
    );
    expect(decisionsOf(answer)).toEqual([true, false, false, false, true]);
    expect(answer).toMatchObject({
      evaluations: [
        {},
        { context: { error: { status: 400, message: expect.stringContaining('action.name') } } },
        {},
        { context: { error: { status: 400, message: expect.stringContaining('amount_cents') } } },
        {},
      ],
    });
    expect(await ledger.drafts('decision.made')).toHaveLength(2);
  });

  it('take a name from the top for an entity that leaves it out, and never a property', async () => {
    await open();
    const top = { type: 'Account', id: 'HX-20017', properties: { a: 1 } };
    const answer = await world!.call(evaluateAll, {
      ...world!.question({ resource: top }),
      evaluations: [{ resource: { id: 'HX-20018' } }, { resource: { type: 'Account' } }],
    });
    expect(answer).toMatchObject({
      evaluations: [
        { context: { proofline: { resource: { type: 'Account', id: 'HX-20018' } } } },
        { context: { proofline: { resource: { type: 'Account', id: 'HX-20017' } } } },
      ],
    });
  });

  it.each([
    ['execute_all', [permit, denied, permit], [true, false, true], 3],
    ['deny_on_first_deny', [permit, denied, permit], [true, false], 2],
    ['deny_on_first_deny', [permit, 'nonsense', permit], [true, false], 1],
    ['permit_on_first_permit', [denied, permit, denied], [false, true], 2],
    ['permit_on_first_permit', ['nonsense', denied], [false, false], 1],
  ])('with %s end where it says, and no further one is decided', async (...given) => {
    const [semantic, items, expected, recorded] = given;
    const { ledger } = await open();
    expect(decisionsOf(await world!.call(evaluateAll, batch(items, semantic)))).toEqual(expected);
    expect(await ledger.drafts('decision.made')).toHaveLength(recorded);
  });

  it('without any of their own are one evaluation', async () => {
    await open();
    expect(await world!.call(evaluateAll, world!.question())).toMatchObject({ decision: true });
    expect(await world!.call(evaluateAll, batch([]))).toMatchObject({ decision: true });
    expect(await codeOf(world!.call(evaluateAll, { subject: world!.question().subject }))).toBe(
      'request.malformed',
    );
  });

  it('are a hundred at most, and a semantic that there is not is refused', async () => {
    await open();
    const many = Array.from({ length: authzenLimits.evaluationsMaxCount + 1 }, () => ({}));
    const parsed = evaluateAll.body.safeParse(batch(many));
    expect(parsed.error?.issues[0]?.message).toContain('more than 100 evaluations');
    expect(evaluateAll.body.safeParse(batch([{}], 'first_come')).success).toBe(false);
    expect(decisionsOf(await world!.call(evaluateAll, batch(many.slice(1))))).toHaveLength(100);
  });

  it('are recorded together or not at all', async () => {
    const { ledger, storage } = await open();
    const record = ledger.record.bind(ledger);
    let calls = 0;
    ledger.record = async (tx, draft) => {
      calls += 1;
      if (calls === 3) throw new Error('the disk is full');
      return record(tx, draft);
    };
    await expect(world!.call(evaluateAll, batch([{}, {}, {}, {}]))).rejects.toThrow('disk');
    expect(await ledger.drafts('decision.made')).toEqual([]);
    expect(await tablesOf(storage.db).selectFrom('decisions').selectAll().execute()).toEqual([]);
  });

  it('use an approval once, and the second one is denied without harm to the others', async () => {
    const { known } = await open();
    let isUsed = false;
    known['approval'] = {
      values: { approved: true, byOther: true, sameDesk: true, reasonCode: 'goodwill' },
      onPermit: async () => {
        if (isUsed) throw new FactsSpent();
        isUsed = true;
      },
    };
    const large = { action: world!.refund(0).action, context: world!.refund(50_000).context };
    const answer = await world!.call(evaluateAll, batch([large, permit, large]));
    expect(decisionsOf(answer)).toEqual([true, true, false]);
  });

  it('ask each provider once for the same subject and record where the action says nothing', async () => {
    const { decisions } = await open();
    let asked = 0;
    decisions.registerFacts({ name: 'weather', gather: async () => void (asked += 1) });
    const context = { session_id: world!.ids.session };
    const items = Array.from({ length: 20 }, () => ({ context }));
    await world!.call(evaluateAll, batch(items));
    expect(asked).toBe(1);
  });
});
