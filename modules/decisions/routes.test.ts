import type { Id } from '@proofline/kernel';
import { PolicyReleaseError } from '@proofline/policy';
import {
  ProblemError,
  reportResult,
  type Decision,
  type readDecision,
  type Reply,
} from '@proofline/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { productCases, productPolicies } from '../../packages/policy/testing/product-policies.ts';
import { decisionsWorld } from './testing/decisions-world.ts';

let world: Awaited<ReturnType<typeof decisionsWorld>> | undefined;
const open = async () => (world = await decisionsWorld());
afterEach(() => world?.storage.close());

/** Calls a route's handler as the edge does after its own checks. */
async function call(id: string, given: object = {}): Promise<unknown> {
  const mounted = world?.decisions.routes.find(({ route }) => route.id === id);
  if (!mounted) throw new Error(`no route ${id}`);
  return mounted.handler(given as never);
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof ProblemError ? error.code : 'another error'),
  );

describe('results', () => {
  const report = (decision: Pick<Decision, 'decisionId'>) =>
    call('decisions.result', {
      body: { decisionId: decision.decisionId, outcome: 'completed', upstreamStatus: 200, rows: 3 },
    });

  it('are recorded with their decision as cause, and are durable before the answer', async () => {
    const { decisions, ask, ledger, ids } = await open();
    const decision = await decisions.decide(ask('invoice:read'));
    const answer = reportResult.reply.parse(await report(decision));
    expect(ledger.awaited).toEqual([answer.evidenceId]);
    expect(await ledger.drafts('request.completed')).toMatchObject([
      {
        id: answer.evidenceId,
        causes: [decision.evidenceId],
        refs: { decisionId: decision.decisionId, interactionId: ids.call },
        subjects: { actor: ids.agent, customer: ids.customer },
        facts: { outcome: 'completed', upstreamStatus: 200, rows: 3, action: 'invoice:read' },
      },
    ]);
  });
  it('are acknowledged with a receipt where one is asked for, and only there', async () => {
    const { decisions, ask, ledger } = await open();
    const ended = { outcome: 'completed', upstreamStatus: 200 } as const;
    const { decisionId } = await decisions.decide(ask('invoice:read'));
    const body = { ...ended, decisionId, acknowledge: 'logged' };
    const answer = reportResult.reply.parse(await call('decisions.result', { body }));
    expect(ledger.awaited).toEqual([answer.evidenceId]);
    expect(answer.receipt).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 0\n/);
    expect(answer.leafHash).toHaveLength(44);
    const plain = await report(await decisions.decide(ask('invoice:read')));
    expect(plain).not.toHaveProperty('receipt');
  });
  it('may be shown while what the permit rested on lives, however old a step-up has grown', async () => {
    const { decisions, ask, known, ledger, ids } = await open();
    const decision = await decisions.decide(ask('refund:initiate', { amountCents: 500 }));
    known['session'] = { values: { live: true, phrAgeSeconds: 4000 } };
    known['approval'] = undefined;
    known['proof'] = undefined;
    expect(await report(decision)).toMatchObject({ stillPermitted: true });
    const [entry] = await ledger.drafts('request.completed');
    expect(entry?.refs).toMatchObject({ sessionId: ids.session, grantId: ids.grant });
    expect(entry?.facts).not.toHaveProperty('delivered');
  });
  it.each([
    ['the session has ended', 'session', { live: false }],
    ['the grant has ended', 'grant', { live: false, permitsAction: true }],
    ['the call has ended', 'interaction', { state: 'ended', assignedToSubject: true }],
    ['nothing is known of the session', 'session', undefined],
    ['nothing is known of the call', 'interaction', undefined],
  ])('may not be shown when %s meanwhile, which the entry says', async (_name, fact, values) => {
    const { decisions, ask, known, ledger } = await open();
    const decision = await decisions.decide(ask('invoice:read'));
    known[fact] = values && { values };
    expect(await report(decision)).toMatchObject({ stillPermitted: false });
    expect(await ledger.drafts('request.completed')).toMatchObject([
      { facts: { outcome: 'completed', delivered: false } },
    ]);
  });
  it('are put to the same session and grant again, and to no other facts', async () => {
    const { decisions, ask, known, ledger } = await open();
    const decision = await decisions.decide(ask('invoice:read'));
    const decided = await ledger.drafts('decision.made');
    known['staff'] = undefined;
    known['caseFile'] = undefined;
    expect(await report(decision)).toMatchObject({ stillPermitted: true });
    expect(await ledger.drafts('decision.made')).toEqual(decided);
  });
  it('are taken once, even when reported twice at the same time', async () => {
    const { decisions, ask, ledger } = await open();
    const decision = await decisions.decide(ask('invoice:read'));
    const codes = await Promise.all([codeOf(report(decision)), codeOf(report(decision))]);
    expect(codes.toSorted()).toEqual(['decision.not-reportable', 'no refusal']);
    expect(await ledger.drafts('request.completed')).toHaveLength(1);
  });
  it('are not taken for a deny or for a decision that there is not', async () => {
    const { decisions, ask, known, ids } = await open();
    known['grant'] = undefined;
    const denied = await decisions.decide(ask('invoice:read'));
    expect(await codeOf(report(denied))).toBe('decision.not-reportable');
    const unknown = ids.agent.replace('stf_', 'dec_') as Id<'dec'>;
    expect(await codeOf(report({ decisionId: unknown }))).toBe('evidence.unknown');
  });
});

describe('reading', () => {
  it('answers a decision with its facts', async () => {
    const { decisions, ask } = await open();
    const decision = await decisions.decide(ask('invoice:read'));
    expect(
      await call('decisions.read', { params: { decisionId: decision.decisionId } }),
    ).toMatchObject({
      decision: { decisionId: decision.decisionId },
      facts: { proof: { ageSeconds: 30 }, staff: { roles: ['billing-agent'] } },
    });
  });
  it('answers a decision in words, under its own release also when another is live', async () => {
    const { decisions, ask } = await open();
    const { decisionId } = await decisions.decide(ask('invoice:read'));
    const read = () => call('decisions.read', { params: { decisionId } });
    const told = (await read()) as Reply<typeof readDecision>;
    expect(told.explanation).toMatchObject({
      outcome: 'Permitted.',
      because: ['Billing agents work on the account of the customer who is calling.'],
      change: [],
      facts: expect.arrayContaining([
        {
          path: 'staff.roles',
          says: 'They were employed as billing agent.',
          isDecisive: true,
          isDefaulted: false,
        },
      ]),
      fields: expect.arrayContaining([
        { category: 'health', shown: 'hidden', says: 'No type of case shows it.', policies: [] },
        {
          category: 'note',
          shown: 'hidden',
          says: 'Shown in cases of the type complaint.',
          policies: ['case.complaint.fields'],
        },
      ]),
    });
    const { schema, policies } = productPolicies();
    const fewer = policies.filter(({ path }) => !path.startsWith('case-types/'));
    await decisions.release({ schema, policies: fewer });
    expect(await read()).toEqual(told);
  });
  it('answers the current policies with their sentences', async () => {
    await open();
    const answer = (await call('policies.read')) as { policies: { id: string; text: string }[] };
    expect(answer).toMatchObject({ release: { sequence: 1 } });
    expect(answer.policies.find((policy) => policy.id === 'context.session-live')).toMatchObject({
      layer: 'context',
      effect: 'forbid',
      text: 'Your session has ended. Sign in again.',
    });
  });
});

describe('releases', () => {
  it('are made once per content, with evidence', async () => {
    const { decisions, ledger } = await open();
    const again = await decisions.release(productPolicies());
    expect(again.sequence).toBe(1);
    const { schema, policies } = productPolicies();
    const changed = policies.map((file) => ({
      ...file,
      text: file.text.replace('<= 60', '<= 30'),
    }));
    const next = await decisions.release({ schema, policies: changed });
    expect(next).toMatchObject({ sequence: 2 });
    expect(
      (await ledger.drafts('policy.released')).map((draft) => draft.facts?.['sequence']),
    ).toEqual([1, 2]);
  });
  it('are refused when a named case comes out otherwise, and the current one stays', async () => {
    const { decisions, ask } = await open();
    const { schema, policies } = productPolicies();
    const laxer = policies.map((file) => ({
      ...file,
      text: file.text.replace('<= 300', '<= 3000'),
    }));
    await expect(decisions.release({ schema, policies: laxer }, productCases())).rejects.toThrow(
      PolicyReleaseError,
    );
    expect((await decisions.decide(ask('account:read'))).release.sequence).toBe(1);
  });
});
