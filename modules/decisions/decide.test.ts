import { canonicalJson } from '@proofline/kernel';
import { compileRelease, decide as decideBy, type ReleaseText } from '@proofline/policy';
import { afterEach, describe, expect, it } from 'vitest';
import { FactsSpent } from './index.ts';
import { tablesOf } from './store/tables.ts';
import { decisionsWorld } from './testing/decisions-world.ts';
import { refusal } from './testing/refusal.ts';
import { testSigningKeys } from './testing/test-signing-key.ts';

let world: Awaited<ReturnType<typeof decisionsWorld>> | undefined;
const open = async () => (world = await decisionsWorld());
afterEach(() => world?.storage.close());

describe('decide', () => {
  it('permits with a field plan, and records why with its causes', async () => {
    const { decisions, ask, ledger, ids } = await open();
    const decision = await decisions.decide(ask('account:read'));
    expect(decision).toMatchObject({
      effect: 'permit',
      forbidden: false,
      remedies: [],
      obligations: {
        fields: {
          visible: ['public', 'contact', 'plan', 'invoice', 'usage', 'payment-last4'],
          masked: ['bank-account'],
          hidden: [
            'order',
            'payment-token',
            'identity-document',
            'health',
            'note',
            'fraud',
            'recording',
          ],
        },
      },
      release: { sequence: 1 },
    });
    const [entry] = await ledger.drafts('decision.made');
    expect(entry).toMatchObject({
      id: decision.evidenceId,
      causes: [ids.sessionEvidence, ids.proofEvidence, ids.grantEvidence].toSorted(),
      refs: {
        decisionId: decision.decisionId,
        sessionId: ids.session,
        grantId: ids.grant,
        interactionId: ids.call,
      },
      subjects: { actor: ids.agent, customer: ids.customer },
      facts: { effect: 'permit', policies: ['role.billing-agent.accounts'], tier: 'low' },
    });
  });

  it('keeps the account number and the facts out of what is in clear', async () => {
    const { decisions, ask, ledger, ids } = await open();
    await decisions.decide(ask('account:read'));
    const [entry] = await ledger.drafts('decision.made');
    const { personal, ...clear } = entry!;
    expect(JSON.stringify(clear)).not.toContain('HX-20017');
    expect(personal).toContainEqual({
      subject: ids.customer,
      retention: 'access',
      fields: { accountNumber: 'HX-20017' },
    });
  });

  it('can be derived again from its row and its release', async () => {
    const { decisions, ask, storage, ids } = await open();
    const made = await decisions.decide(ask('refund:initiate', { amountCents: 20_000 }));
    const row = await tablesOf(storage.db)
      .selectFrom('decisions')
      .selectAll()
      .executeTakeFirstOrThrow();
    const release = await tablesOf(storage.db)
      .selectFrom('policy_releases')
      .selectAll()
      .where('sequence', '=', row.release_sequence)
      .executeTakeFirstOrThrow();
    const set = compileRelease(JSON.parse(release.text) as ReleaseText);
    expect(set.digest).toBe(made.release.digest);
    const again = decideBy(set, {
      principal: { type: row.subject_type, id: row.subject_id },
      action: row.action,
      resource: made.resource,
      context: JSON.parse(row.facts),
    });
    expect(again.effect).toBe('deny');
    expect(canonicalJson([...again.reasons])).toBe(canonicalJson(made.reasons));
    const found = await decisions.findDecision(made.decisionId);
    expect(found?.decision).toEqual(made);
    expect(found?.facts).toMatchObject({ request: { amountCents: 20_000 } });
    expect(row.subject_id).toBe(ids.agent);
  });

  it('waits for durable evidence in the medium and the high tier only', async () => {
    const { decisions, ask, ledger } = await open();
    await decisions.decide(ask('account:read'));
    expect(ledger.awaited).toEqual([]);
    const medium = await decisions.decide(ask('billing-address:update'));
    const high = await decisions.decide(ask('refund:initiate', { amountCents: 500 }));
    expect(ledger.awaited).toEqual([medium.evidenceId, high.evidenceId]);
  });

  it('gives no permit when the evidence does not become durable', async () => {
    const { decisions, ask, ledger } = await open();
    ledger.failDurability();
    const error = await refusal(decisions.decide(ask('billing-address:update')));
    expect(error.code).toBe('evidence.unavailable');
  });

  it('refuses what the schema does not allow', async () => {
    const { decisions, ask, known } = await open();
    known['proof'] = { values: { ageSeconds: 'young' } };
    const decision = await decisions.decide(ask('account:read'));
    expect(decision).toMatchObject({ effect: 'deny', forbidden: true, remedies: [] });
    expect(decision.reasons.map((reason) => reason.policy)).toEqual([
      'enforcement.question-invalid',
    ]);
  });

  it('counts a signal that nobody reports as its default, and says so', async () => {
    const { decisions, ask, known, ledger, storage } = await open();
    known['interaction'] = {
      values: { state: 'live', assignedToSubject: true, sameDesk: true, overSeconds: 0 },
    };
    const decision = await decisions.decide(ask('refund:initiate', { amountCents: 500 }));
    expect(decision).toMatchObject({
      effect: 'deny',
      remedies: [],
      reasons: [{ policy: 'context.codes-guessed' }],
      defaulted: ['interaction.wrongCodes'],
    });
    const [entry] = await ledger.drafts('decision.made');
    expect(entry?.facts).toMatchObject({ defaultedFacts: ['interaction.wrongCodes'] });
    // What was known stays what was known: another release may declare another default.
    const row = await tablesOf(storage.db).selectFrom('decisions').selectAll().executeTakeFirst();
    expect(JSON.parse(row?.facts ?? '')['interaction']).not.toHaveProperty('wrongCodes');
  });

  it('decides nothing before a release', async () => {
    const { createDecisions } = await import('./index.ts');
    const { storage, ledger, clock, random } = await open();
    const empty = createDecisions({
      storage,
      ledger,
      clock,
      random,
      tenant: 'hx',
      policySeeds: [random.bytes(32)],
      signingKeys: () => testSigningKeys,
      staffOrigin: '',
    });
    await expect(empty.decide(world!.ask('self:read'))).rejects.toThrow(/no policy release/);
  });
});

describe('facts', () => {
  it.each([
    ['fails', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['never answers', () => new Promise<never>(() => {})],
  ])(
    'of a provider that %s are absent, narrow, and are named in the entry',
    async (_name, gather) => {
      const { createDecisions } = await import('./index.ts');
      const { productPolicies } = await import('../../packages/policy/testing/product-policies.ts');
      const { storage, ledger, clock, random, known, ask } = await open();
      const decisions = createDecisions({
        storage,
        ledger,
        clock,
        random,
        tenant: 'hx',
        policySeeds: [random.bytes(32)],
        signingKeys: () => testSigningKeys,
        staffOrigin: '',
        factsTimeoutMs: 30,
      });
      for (const name of Object.keys(known)) {
        decisions.registerFacts({
          name,
          gather: name === 'proof' ? gather : async () => known[name],
        });
      }
      await decisions.release(productPolicies());
      const decision = await decisions.decide(ask('account:read'));
      expect(decision.effect).toBe('deny');
      expect(decision.reasons[0]?.policy).toBe('tier.customer-proof');
      const [entry] = await ledger.drafts('decision.made');
      expect(entry?.facts).toMatchObject({ unknownFacts: ['proof'] });
    },
  );

  it('have one owner each', async () => {
    const { decisions } = await open();
    const provider = (name: string) => ({ name, gather: async () => undefined });
    expect(() => decisions.registerFacts(provider('proof'))).toThrow(/owner/);
    expect(() => decisions.registerFacts(provider('request'))).toThrow(/owner/);
  });

  it('that are used once are used by a permit that needs them, and by no other', async () => {
    const { decisions, ask, known } = await open();
    const uses: string[] = [];
    known['approval'] = {
      values: { approved: true, byOther: true, sameDesk: true, reasonCode: 'goodwill' },
      onPermit: async (_tx, { decisionId }) => void uses.push(decisionId),
    };
    await decisions.decide(ask('account:read'));
    await decisions.decide(ask('refund:initiate', { amountCents: 500 }));
    expect(uses).toEqual([]);
    const large = await decisions.decide(ask('refund:initiate', { amountCents: 50_000 }));
    expect(uses).toEqual([large.decisionId]);
    known['session'] = { values: { live: false } };
    await decisions.decide(ask('refund:initiate', { amountCents: 50_000 }));
    expect(uses).toHaveLength(1);
  });

  it('that somebody used up meanwhile are dropped, and nothing of the permit stays', async () => {
    const { decisions, ask, known, ledger, storage } = await open();
    known['approval'] = {
      values: { approved: true, byOther: true, sameDesk: true, reasonCode: 'goodwill' },
      onPermit: () => Promise.reject(new FactsSpent()),
    };
    const decision = await decisions.decide(ask('refund:initiate', { amountCents: 50_000 }));
    expect(decision).toMatchObject({
      effect: 'deny',
      remedies: [{ kind: 'approval', action: 'refund:initiate' }],
    });
    expect(await ledger.drafts('decision.made')).toHaveLength(1);
    const rows = await tablesOf(storage.db).selectFrom('decisions').selectAll().execute();
    expect(rows.map((row) => row.effect)).toEqual(['deny']);
  });
});

describe('require', () => {
  it('answers a permit', async () => {
    const { decisions, ask } = await open();
    expect((await decisions.require(ask('account:read'))).effect).toBe('permit');
  });
  it('asks for a step-up when that alone is missing', async () => {
    const { decisions, ask, known } = await open();
    known['session'] = { values: { live: true, phrAgeSeconds: 500 } };
    const error = await refusal(decisions.require(ask('refund:initiate', { amountCents: 500 })));
    expect(error.code).toBe('access.step-up');
    expect(error.details.remedies).toEqual([
      { kind: 'agent.step-up', acr: 'phr', maxAgeSeconds: 60 },
    ]);
  });
  it('denies with all remedies when more is missing', async () => {
    const { decisions, ask, known } = await open();
    known['session'] = { values: { live: true, phrAgeSeconds: 500 } };
    const error = await refusal(decisions.require(ask('refund:initiate', { amountCents: 50_000 })));
    expect(error.code).toBe('access.denied');
    expect(error.details.remedies?.map((remedy) => remedy.kind)).toEqual([
      'agent.step-up',
      'approval',
    ]);
    expect(error.details.decisionId).toMatch(/^dec_/);
  });
  it('refuses a foreign call and an unknown one in the same words (P9)', async () => {
    const { decisions, ask, known, ids } = await open();
    const said = async (): Promise<unknown> => {
      const { details, code } = await refusal(
        decisions.require({
          ...ask('interaction:read'),
          resource: { type: 'Interaction', id: ids.call },
        }),
      );
      return { code, ...details, decisionId: undefined };
    };
    known['interaction'] = { values: { state: 'live', assignedToSubject: false, sameDesk: true } };
    const foreign = await said();
    for (const name of ['interaction', 'caseFile', 'proof']) known[name] = undefined;
    expect(await said()).toEqual(foreign);
  });
});
