import type { Id } from '@proofline/kernel';
import { explain, inOrder, refusalText, remedySentence, type Action } from '@proofline/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { tablesOf } from './store/tables.ts';
import { decisionsWorld } from './testing/decisions-world.ts';
import { refusal } from './testing/refusal.ts';

let world: Awaited<ReturnType<typeof decisionsWorld>> | undefined;
const open = async () => (world = await decisionsWorld());
afterEach(() => world?.storage.close());

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
    expect(of('order')).toMatchObject({
      shown: 'hidden',
      says: expect.stringContaining('complaint'),
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
  it('tells nobody to prove themselves where that opens nothing for them', async () => {
    const { look, known } = await panel();
    known['session'] = { values: { live: true, phrAgeSeconds: 4_000 } };
    expect(await look(['onboarding:list'], '*')).toEqual([
      {
        action: 'onboarding:list',
        allowed: false,
        reason: 'Nothing opens this for you here.',
        remedies: [],
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
