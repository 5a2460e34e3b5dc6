import { newId, systemClock, systemRandom } from '@proofline/kernel';
import type { Approval } from '@proofline/protocol';
import { describe, expect, test } from 'vitest';
import { approvalStep } from './agent/asked-of-call.ts';
import { changeOf, termsOf } from './agent/change-of.ts';
import { refundOf } from './agent/refund-of.ts';
import { askedAgain, isAskedAnew, usedUp } from './agent/used-up.ts';
import { sortedForInbox } from './supervisor/inbox-order.ts';

const ports = { clock: systemClock, random: systemRandom };

describe('an approval that was used up', () => {
  const approval: Approval = {
    approvalId: newId('apr', ports),
    state: 'used',
    content: {
      interactionId: newId('int', ports),
      action: 'refund:initiate',
      resource: { type: 'Account', id: 'A' },
      body: { invoiceId: 'i', amountCents: 1, reason: 'goodwill' },
    },
    contentDigest: 'd',
    requestedBy: { subjectId: newId('stf', ports), displayName: 'A' },
    requestedAt: '2026-11-21T08:00:00.000Z',
    expiresAt: '2026-11-21T08:10:00.000Z',
    note: 'Two days without power.',
  };
  const after = (outcome: Approval['outcome']) => usedUp({ ...approval, outcome });

  test('says so only when it came to nothing, and otherwise for a refusal than for silence', () => {
    expect([usedUp(approval), after('completed')]).toEqual([undefined, undefined]);
    expect(after('upstream-refused')?.title).toContain('nothing was changed');
    // Whoever asks again without looking may pay twice.
    expect(after('upstream-failed')?.title).toContain('not known');
    expect(after('upstream-failed')?.text).toContain('Look at the record first');
  });
  test('is asked for again word for word, with what the supervisor must know', () => {
    const because = after('upstream-failed')!;
    const againOf = (one: Approval) => askedAgain(one, { because, invoices: [] })!;
    const again = againOf(approval);
    expect(again).toEqual({ ...approval.content, note: again.note });
    expect(again.note).toBe(`${because.note} Two days without power.`);
    expect(againOf({ ...approval, note: again.note }).note).toBe(again.note);
    const long = againOf({ ...approval, note: 'x'.repeat(500) }).note;
    expect(long).toHaveLength(500);
    expect(long).toContain(because.note);
  });
  test('is asked for again with the invoice as it is now, and not beyond what is left', () => {
    const because = after('upstream-refused')!;
    const of = (amountCents: number, refundedCents: number) => {
      const seen = { amountCents: 900, refundedCents: 0 };
      const body = { invoiceId: 'i', amountCents, reason: 'goodwill', seen };
      const content = { ...approval.content, body };
      const invoices = [{ invoiceId: 'i', amountCents: 900, refundedCents }];
      return askedAgain({ ...approval, content }, { because, invoices });
    };
    expect(of(500, 400)?.body['seen']).toEqual({ amountCents: 900, refundedCents: 400 });
    expect(of(501, 400)).toBeUndefined();
  });
  test('is offered once: not when the same was asked for since', () => {
    const later = { ...approval, requestedAt: '2026-11-21T08:01:00.000Z' };
    expect(isAskedAnew(approval, [approval, later])).toBe(true);
    expect(isAskedAnew(later, [approval, later])).toBe(false);
    const withBody = (body: Approval['content']['body']) => ({
      ...later,
      content: { ...approval.content, body: { ...approval.content.body, ...body } },
    });
    expect(isAskedAnew(approval, [withBody({ amountCents: 2 })])).toBe(false);
    expect(isAskedAnew(approval, [withBody({ seen: { amountCents: 9 } })])).toBe(true);
  });
});

describe('the next step of an approval', () => {
  const asked = (state: Approval['state'], requestedAt: string): Approval => ({
    approvalId: newId('apr', ports),
    state,
    content: {
      interactionId: newId('int', ports),
      action: 'refund:initiate',
      resource: { type: 'Account', id: 'A' },
      body: { invoiceId: 'INV-1', amountCents: 25_000, reason: 'goodwill' },
    },
    contentDigest: 'd',
    requestedBy: { subjectId: newId('stf', ports), displayName: 'A' },
    requestedAt,
    expiresAt: requestedAt,
  });
  test('says what waits and of what, then that it can be sent, and a no that came last', () => {
    const waits = asked('open', '2026-11-21T08:02:00.000Z');
    const rejected = asked('rejected', '2026-11-21T08:01:00.000Z');
    expect(approvalStep([])).toBeUndefined();
    expect(approvalStep([waits, rejected])).toMatch(/^Waiting for .* 250\.00 EUR on INV-1/);
    const approved = asked('approved', '2026-11-21T08:00:00.000Z');
    expect(approvalStep([waits, approved])).toMatch(/approved: .*Send it/);
    expect(approvalStep([asked('used', '2026-11-21T08:03:00.000Z'), rejected])).toBeUndefined();
    expect(approvalStep([rejected])).toContain('rejected');
  });
});

describe('an approval', () => {
  const content = {
    interactionId: newId('int', ports),
    action: 'refund:initiate' as const,
    resource: { type: 'Account', id: 'A' },
  };
  test('is sent exactly as it was approved, or not at all', () => {
    const body = { invoiceId: 'i', amountCents: 1, reason: 'goodwill' };
    expect(refundOf({ ...content, body })).toEqual(body);
    expect(refundOf({ ...content, body: { ...body, more: 1 } })).toBeUndefined();
    const seen = { amountCents: 9, refundedCents: 0 };
    expect(refundOf({ ...content, body: { ...body, seen } })).toEqual({ ...body, seen });
    expect(refundOf({ ...content, action: 'account:read', body })).toBeUndefined();
  });
  test('of another act is sent exactly too, and read in the words of its form', () => {
    const credit = { ...content, action: 'credit:grant' as const };
    const body = { amountCents: 6_000, reason: 'service-outage' };
    expect(changeOf({ ...credit, body })).toEqual({ kind: 'credit', body });
    expect(termsOf({ ...credit, body })?.map(({ value }) => value)).toEqual([
      '60.00 EUR',
      'Service outage',
    ]);
    const others = [{ ...body, more: 1 }, { amountCents: 6_000 }, { ...body, reason: null }, {}];
    for (const other of others) {
      expect(changeOf({ ...credit, body: other })).toBeUndefined();
      expect(termsOf({ ...credit, body: other })).toBeUndefined();
    }
    expect(changeOf({ ...content, action: 'router:restart', body: {} })?.kind).toBe(
      'router-restart',
    );
    const to = { street: 'a', postalCode: 'b', city: 'c', country: 'DE' };
    const move = { ...content, action: 'billing-address:update' as const };
    expect(changeOf({ ...move, body: to })).toEqual({ kind: 'billing-address', body: to });
    expect(changeOf({ ...move, body: { ...to, more: 1 } })).toBeUndefined();
    expect(changeOf({ ...content, action: 'account:read', body: {} })).toBeUndefined();
  });
  test('that presses most is on top of the inbox', () => {
    const approval = (state: Approval['state'], expiresAt: string): Approval => ({
      approvalId: newId('apr', ports),
      state,
      content: { ...content, body: {} },
      contentDigest: 'd',
      requestedBy: { subjectId: newId('stf', ports), displayName: 'A' },
      requestedAt: expiresAt,
      expiresAt,
    });
    const sorted = sortedForInbox([
      approval('used', '2026-01-03'),
      approval('open', '2026-01-02'),
      approval('open', '2026-01-01'),
    ]);
    expect(sorted.map(({ state, expiresAt }) => `${state} ${expiresAt}`)).toEqual([
      'open 2026-01-01',
      'open 2026-01-02',
      'used 2026-01-03',
    ]);
  });
});
