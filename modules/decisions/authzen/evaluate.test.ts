import { evaluate } from '@proofline/protocol';
import { decodeProtectedHeader } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAuthzen, type AuthzenWorld } from '../testing/open-authzen.ts';

let world: AuthzenWorld | undefined;
const open = async () => (world = await openAuthzen());
afterEach(() => world?.storage.close());

describe('one evaluation', () => {
  it('answers the decision, its obligations, and the whole of it in the context', async () => {
    await open();
    const answer = await world!.call(evaluate, world!.question());
    expect(answer).toMatchObject({
      decision: true,
      context: {
        evaluation_id: expect.stringMatching(/^dec_/),
        obligations: [
          {
            id: 'fields',
            type: 'custom',
            fulfillment: 'required',
            properties: { kind: 'field-plan', visible: expect.arrayContaining(['invoice']) },
          },
        ],
        proofline: { effect: 'permit', action: 'invoice:read' },
      },
    });
  });

  it('ignores what it does not know, and believes no property about our own people', async () => {
    const { known } = await open();
    known['staff'] = { values: { roles: [], desk: 'Harbour', active: true } };
    const asked = world!.question({
      subject: { type: 'Staff', id: world!.ids.agent, properties: { roles: ['billing-agent'] } },
      resource: { type: 'Account', id: 'HX-20017', properties: { owner: 'me' } },
      staff: { roles: ['billing-agent'] },
      context: { ...world!.question().context, staff: { roles: ['billing-agent'] }, time: 'now' },
    });
    expect(await world!.call(evaluate, asked)).toMatchObject({ decision: false });
  });

  it.each([
    ['an action that there is not', { action: { name: 'authenticator:reset' } }],
    ['a kind of subject that there is not', { subject: { type: 'Robot', id: 'r2' } }],
    ['a kind of record that there is not', { resource: { type: 'Safe', id: '1' } }],
    ['an id that is none of ours', { subject: { type: 'Staff', id: 'alice' } }],
  ])('is false, with evidence, for %s', async (_name, change) => {
    const { ledger, known } = await open();
    if ('subject' in change) known['staff'] = undefined;
    expect(await world!.call(evaluate, world!.question(change))).toMatchObject({ decision: false });
    expect(await ledger.drafts('decision.made')).toHaveLength(1);
  });

  it.each([
    ['an action', 'look at', (id: string) => ({ action: { name: `look at ${id}` } })],
    ['a kind of record', 'cus_', (id: string) => ({ resource: { type: id, id: '1' } })],
  ])('says nothing in clear of %s that the schema does not know', async (_name, sealed, ofId) => {
    const { ledger, ids } = await open();
    await world!.call(evaluate, world!.question(ofId(ids.customer)));
    const [entry] = await ledger.drafts('decision.made');
    const { personal, subjects, ...clear } = entry!;
    // The proved customer is a subject; the name that was typed is not said beside it.
    expect(JSON.stringify(clear)).not.toContain(ids.customer);
    expect(JSON.stringify(personal)).toContain(sealed);
    expect(subjects?.['actor']).toBe(ids.agent);
  });
});

describe('what an enforcement point can carry out', () => {
  const asked = (supported: string[]) =>
    world!.question({
      context: { ...world!.question().context, supported_obligations: supported },
    });

  it('is asked of it when it says that it can', async () => {
    await open();
    const answer = await world!.call(evaluate, asked(['custom', 'unheard-of']));
    expect(answer).toMatchObject({ decision: true, context: { obligations: [{ id: 'fields' }] } });
  });

  it('turns a permit into a deny, on record, when it cannot hide what must be hidden', async () => {
    const { ledger } = await open();
    const answer = await world!.call(evaluate, asked(['step-up']));
    expect(answer).toMatchObject({
      decision: false,
      context: { reason: 'obligation_not_supported', proofline: { effect: 'deny', remedies: [] } },
    });
    expect(answer).not.toHaveProperty('context.obligations');
    const [entry] = await ledger.drafts('decision.made');
    expect(entry?.facts).toMatchObject({ effect: 'deny', forbidden: true });
    expect(entry?.facts).not.toHaveProperty('fields');
  });

  it('does not use up an approval for a permit that is none', async () => {
    const { known } = await open();
    let uses = 0;
    known['approval'] = {
      values: { approved: true, byOther: true, sameDesk: true, reasonCode: 'goodwill' },
      onPermit: async () => void (uses += 1),
    };
    const incapable = world!.refund(50_000, { supported_obligations: [] });
    expect(await world!.call(evaluate, incapable)).toMatchObject({ decision: false });
    expect(uses).toBe(0);
    expect(await world!.call(evaluate, world!.refund(50_000))).toMatchObject({ decision: true });
    expect(uses).toBe(1);
  });

  it('is led to the next step of a deny, which stays one', async () => {
    const { known } = await open();
    known['session'] = { values: { live: true, phrAgeSeconds: 5_000 } };
    expect(await world!.call(evaluate, world!.refund(500))).toMatchObject({
      decision: false,
      context: {
        reason: 'step_up_required',
        obligations: [
          {
            type: 'step-up',
            fulfillment: 'best_effort',
            properties: { acr_value: 'phr', max_age: 60 },
          },
        ],
      },
    });
  });
});

describe('a denial that can be asked for', () => {
  const digest = 'A'.repeat(43);
  const offer = z.object({
    context: z.object({
      evaluation_id: z.string(),
      access_request: z.object({ expires_at: z.string(), binding_token: z.string() }),
    }),
  });
  const deny = async (more: object = { content_digest: digest }) =>
    offer.parse(await world!.call(evaluate, world!.refund(50_000, more))).context;
  const about = (change: object = {}) => ({
    subject: { type: 'Staff', id: world!.ids.agent },
    action: 'refund:initiate',
    resource: { type: 'Account', id: 'HX-20017' },
    contentDigest: digest,
    ...change,
  });

  it('carries a token of ours that binds it, without saying what to', async () => {
    const { decisions } = await open();
    const { access_request: request, evaluation_id: evaluationId } = await deny();
    const header = decodeProtectedHeader(request.binding_token);
    expect(header).toMatchObject({ alg: 'ES256', typ: 'authzen-denial-binding+jwt', kid: 'test' });
    expect(atob(request.binding_token.split('.')[1]!)).not.toContain('HX-20017');
    expect(await decisions.readDenial(request.binding_token, about())).toMatchObject({
      evaluationId,
      releaseDigest: expect.any(String),
    });
  });

  it.each([
    ['another amount', { contentDigest: 'B'.repeat(43) }],
    ['no content at all', { contentDigest: undefined }],
    ['another account', { resource: { type: 'Account', id: 'HX-20018' } }],
    ['another action', { action: 'billing-address:update' }],
    ['somebody else', { subject: { type: 'Staff', id: 'stf_other' } }],
  ])('opens nothing for %s', async (_name, change) => {
    const { decisions } = await open();
    const { access_request: request } = await deny();
    expect(await decisions.readDenial(request.binding_token, about(change))).toBeUndefined();
  });

  it('is over after ten minutes, and worth nothing when it was touched or made by another', async () => {
    const { decisions, clock } = await open();
    const { access_request: request } = await deny();
    const [head, body, signature] = request.binding_token.split('.');
    const flipped = signature!.startsWith('A')
      ? `B${signature!.slice(1)}`
      : `A${signature!.slice(1)}`;
    expect(await decisions.readDenial(`${head}.${body}.${flipped}`, about())).toBeUndefined();
    expect(await decisions.readDenial('not a token', about())).toBeUndefined();
    clock.advance(9 * 60_000);
    expect(await decisions.readDenial(request.binding_token, about())).toBeDefined();
    clock.advance(61_000);
    expect(await decisions.readDenial(request.binding_token, about())).toBeUndefined();
  });

  it('is only offered where an approval would help', async () => {
    const { known } = await open();
    known['session'] = { values: { live: false } };
    const answer = await world!.call(evaluate, world!.refund(50_000));
    expect(answer).toMatchObject({ decision: false, context: { reason: 'forbidden' } });
    expect(answer).not.toHaveProperty('context.access_request');
  });
});
