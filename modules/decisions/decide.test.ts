import { canonicalJson, type Id } from '@proofline/kernel';
import { compileRelease, decide as decideBy, type ReleaseText } from '@proofline/policy';
import {
  explain,
  inOrder,
  ProblemError,
  refusalText,
  remedySentence,
  type Action,
} from '@proofline/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { FactsSpent } from './index.ts';
import { tablesOf } from './store/tables.ts';
import { decisionsWorld } from './testing/decisions-world.ts';
import { testSigningKey } from './testing/test-signing-key.ts';

let world: Awaited<ReturnType<typeof decisionsWorld>> | undefined;
const open = async () => (world = await decisionsWorld());
afterEach(() => world?.storage.close());

const refusal = async (promise: Promise<unknown>): Promise<ProblemError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw new Error('expected a refusal', { cause: error });
  return error;
};

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
          visible: ['public', 'contact', 'plan', 'invoice', 'payment-last4'],
          masked: ['bank-account'],
          hidden: [
            'usage',
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
      signingKeys: [testSigningKey],
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
        signingKeys: [testSigningKey],
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

describe('preview', () => {
  const panel = async () => {
    const { decisions, ids, known, ledger, storage } = await open();
    const look = (actions: Action[], resourceId = 'HX-20017') =>
      decisions.preview(
        {
          subject: { type: 'Staff', id: ids.agent },
          sessionId: ids.session,
          resource: { type: 'Account', id: resourceId },
          interactionId: ids.call,
        },
        actions,
      );
    return { look, known, ledger, storage };
  };
  it('supposes the grant and the smallest amount, which the act itself brings', async () => {
    const { look, known } = await panel();
    known['grant'] = undefined;
    expect(await look(['account:read', 'refund:initiate'])).toEqual([
      { action: 'account:read', allowed: true, remedies: [] },
      // Until the agent's own passkey was touched too long ago.
      { action: 'refund:initiate', allowed: true, remedies: [], holdsForSeconds: 40 },
    ]);
  });
  it('says why a field is not shown whole, as the auditor reads it, and leaves no trace', async () => {
    const { decisions, ask, known, ledger } = await open();
    const asked = ask('account:read');
    const fields = await decisions.previewFields(asked);
    const { obligations } = await decisions.decide(asked);
    expect(fields.map(({ category }) => category).toSorted()).toEqual(
      [...(obligations.fields?.hidden ?? []), ...(obligations.fields?.masked ?? [])].toSorted(),
    );
    const of = (category: string) => fields.find((field) => field.category === category);
    expect(of('health')).toMatchObject({ says: 'No type of case shows it.', policies: [] });
    expect(of('usage')).toMatchObject({
      shown: 'hidden',
      says: expect.stringContaining('technical-fault'),
    });
    const made = (await ledger.drafts('decision.made')).length;
    known['proof'] = undefined;
    const unproved = await decisions.previewFields(asked);
    expect(unproved.find(({ category }) => category === 'contact')?.says).toBe(
      'The caller has not proved who they are. Ask the customer to prove who they are.',
    );
    expect(await ledger.drafts('decision.made')).toHaveLength(made);
  });
  it('says on an unproved call what is open, and the one next step for the rest', async () => {
    const { look, known } = await panel();
    known['grant'] = known['proof'] = known['caseFile'] = undefined;
    expect(await look(['account:read-public', 'account:read'], '*')).toEqual([
      { action: 'account:read-public', allowed: true, remedies: [] },
      {
        action: 'account:read',
        allowed: false,
        reason: 'The caller has not proved who they are. There is no open case on this call.',
        remedies: [{ kind: 'customer.proof', maxAgeSeconds: 86_400 }],
      },
    ]);
  });
  it('says what the refusal says, and what the auditor reads of it', async () => {
    const { decisions, ask, known } = await open();
    known['proof'] = { values: { ...known['proof']?.values, ageSeconds: 4_000 } };
    known['session'] = { values: { live: true, phrAgeSeconds: 4_000 } };
    const asked = ask('refund:initiate', { amountCents: 20_000 });
    const { details } = await refusal(decisions.require(asked));
    const text = refusalText(details);
    expect(text).toBe(
      'This needs the customer’s fresh proof, given for this call. This weighs heavily: confirm with your own ' +
        'passkey that it is you. A refund of this size needs a supervisor’s approval. Ask the customer to prove ' +
        'who they are; the proof may be 5 minutes old at most. Ask a supervisor to let you start a refund. ' +
        'Confirm that it is you with your passkey.',
    );
    const [control] = await decisions.preview(asked, ['refund:initiate']);
    const steps = inOrder(control?.remedies ?? []).map(remedySentence);
    expect([control?.reason, ...steps].join(' ')).toBe(text);
    const made = await decisions.findDecision(details.decisionId as Id<'dec'>);
    const { because, change } = explain(made!.decision);
    expect([...because, ...change].join(' ')).toBe(text);
  });
  it('asks about each action’s own kind of resource for `*`', async () => {
    const { decisions, ids, known } = await open();
    known['staff'] = { values: { roles: ['auditor'], desk: 'Harbour', active: true } };
    const capabilities = await decisions.preview(
      { subject: { type: 'Staff', id: ids.agent }, resource: { type: 'Workforce', id: '*' } },
      ['self:read', 'evidence:search', 'person:list'],
    );
    expect(capabilities.map(({ allowed }) => allowed)).toEqual([true, true, false]);
  });
  it('leaves no trace and uses nothing up', async () => {
    const { look, known, ledger, storage } = await panel();
    known['approval'] = {
      values: { approved: true, byOther: true, sameDesk: true, reasonCode: 'goodwill' },
      onPermit: () => Promise.reject(new Error('used')),
    };
    await look(['refund:initiate']);
    expect(await ledger.drafts('decision.made')).toEqual([]);
    expect(await tablesOf(storage.db).selectFrom('decisions').selectAll().execute()).toEqual([]);
  });
});
