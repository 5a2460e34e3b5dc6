import { newId } from '@proofline/kernel';
import {
  authzenConfiguration,
  evaluate,
  searchActions,
  searchResources,
  searchSubjects,
} from '@proofline/protocol';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { enumeratorOf } from '../index.ts';
import { codeOf, openAuthzen, type AuthzenWorld } from '../testing/open-authzen.ts';
import { testSigningKey } from '../testing/test-signing-key.ts';

let world: AuthzenWorld | undefined;
const open = async () => (world = await openAuthzen());
afterEach(() => world?.storage.close());

describe('searches', () => {
  const found = z.object({
    results: z.array(z.looseObject({ id: z.string().optional(), name: z.string().optional() })),
    page: z.object({ next_token: z.string(), count: z.number() }),
  });
  const accounts = Array.from({ length: 12 }, (_, at) => `HX-${20010 + at}`);
  const openListed = async () => {
    const opened = await open();
    opened.decisions.registerEnumerator(enumeratorOf('Account', accounts));
    return opened;
  };
  const fieldPlan = {
    id: 'fields',
    type: 'custom',
    fulfillment: 'required',
    properties: expect.objectContaining({ kind: 'field-plan', hidden: expect.any(Array) }),
  };
  const byResource = (more: object = {}) =>
    world!.question({ resource: { type: 'Account' }, ...more });

  it('for actions find what an evaluation permits, and nothing else', async () => {
    await open();
    const { action: _action, ...asked } = world!.question();
    const { results, page } = found.parse(await world!.call(searchActions, asked));
    const names = results.map(({ name }) => name);
    expect(names).toContain('account:read');
    expect(names).not.toContain('refund:initiate');
    expect(names).not.toContain('field:view');
    expect(page).toEqual({ next_token: '', count: names.length });
    for (const name of names)
      expect(await world!.call(evaluate, world!.question({ action: { name } }))).toMatchObject({
        decision: true,
      });
  });

  it('for records come in pages that neither repeat nor leave out', async () => {
    await openListed();
    const ids: (string | undefined)[] = [];
    let token = '';
    let pages = 0;
    do {
      const page = { limit: 5, ...(token && { token }) };
      const answer = found.parse(await world!.call(searchResources, byResource({ page })));
      ids.push(...answer.results.map(({ id }) => id));
      token = answer.page.next_token;
      pages += 1;
    } while (token !== '');
    expect(ids).toEqual(accounts);
    expect(pages).toBe(3);
    const exact = await world!.call(searchResources, byResource({ page: { limit: 12 } }));
    expect(exact).toMatchObject({ page: { next_token: '', count: 12 } });
  });

  it('tell of no record that may not be seen, in results, counts or tokens', async () => {
    const { known, ledger } = await openListed();
    known['proof'] = undefined;
    const denied = found.parse(
      await world!.call(searchResources, byResource({ page: { limit: 5 } })),
    );
    expect(denied).toEqual({ results: [], page: { next_token: '', count: 0 } });
    const [entry] = await ledger.drafts('decision.searched');
    expect(entry?.facts).toMatchObject({ search: 'resource', considered: 12, found: 0 });
    const unknown = byResource({ resource: { type: 'Spaceship' } });
    expect(await world!.call(searchResources, unknown)).toEqual(denied);
    known['proof'] = {
      values: {
        ageSeconds: 1,
        acr: 'phr',
        purpose: 'billing',
        customerMatchesResource: true,
        settled: true,
      },
    };
    const { page } = found.parse(
      await world!.call(searchResources, byResource({ page: { limit: 5 } })),
    );
    // Sealed, and not merely encoded.
    const parts = page.next_token
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString());
    expect(parts.join(' ')).not.toContain('HX-');
  });

  it('are not continued by another caller, for another question, or after their time', async () => {
    const { clock } = await openListed();
    const begun = await world!.call(searchResources, byResource({ page: { limit: 5 } }));
    const token = found.parse(begun).page.next_token;
    const page = { limit: 5, token };
    const go = (more: object, by?: string) =>
      codeOf(world!.call(searchResources, byResource({ page, ...more }), by));
    expect(await go({})).toBe('no refusal');
    expect(await go({}, 'svc_other')).toBe('request.malformed');
    expect(await go({ action: { name: 'account:read' } })).toBe('request.malformed');
    expect(await go({ page: { token: `${token.slice(0, -2)}AA` } })).toBe('request.malformed');
    expect(await go({ page: { token: 'next' } })).toBe('request.malformed');
    clock.advance(11 * 60_000);
    expect(await go({})).toBe('request.malformed');
  });

  it('for subjects ask about each in the session that its owner names', async () => {
    const { decisions, ids } = await open();
    const other = newId('stf', world!);
    decisions.registerEnumerator({
      type: 'Staff',
      list: async () =>
        [{ id: ids.agent, sessionId: ids.session }, { id: other }].toSorted((a, b) =>
          a.id < b.id ? -1 : 1,
        ),
    });
    decisions.registerFacts({ name: 'extra', gather: async () => undefined });
    const asked = world!.question({
      subject: { type: 'Staff', id: 'ignored' },
      context: { grant_id: ids.grant },
    });
    const { results } = found.parse(await world!.call(searchSubjects, asked));
    expect(results).toContainEqual({
      type: 'Staff',
      id: ids.agent,
      properties: { session_id: ids.session },
      obligations: [fieldPlan],
    });
  });

  it('say with each result what must be done with it, and leave out what cannot be', async () => {
    const { question } = await openListed();
    const [first] = found.parse(await world!.call(searchResources, byResource())).results;
    expect(first).toMatchObject({ id: accounts[0], obligations: [fieldPlan] });
    const { resource, ...onOne } = question();
    const actions = (context: object) =>
      world!.call(searchActions, {
        ...onOne,
        resource,
        context: { ...question().context, ...context },
      });
    expect(await actions({})).toMatchObject({
      results: expect.arrayContaining([{ name: 'invoice:read', obligations: [fieldPlan] }]),
    });
    for (const unable of [
      { supported_obligations: ['step-up'] },
      { obligations_supported: [] },
      { supported_obligations: ['custom'], obligations_supported: ['notification'] },
    ]) {
      expect(await actions(unable)).toMatchObject({ results: [] });
    }
  });

  it('use up nothing, decide nothing on record, and are each an entry', async () => {
    const { ledger, known } = await openListed();
    let uses = 0;
    known['approval'] = {
      values: { approved: true, byOther: true, sameDesk: true, reasonCode: 'goodwill' },
      onPermit: async () => void (uses += 1),
    };
    const { resource: _resource, ...large } = world!.refund(50_000);
    await world!.call(searchResources, { ...large, resource: { type: 'Account' } });
    expect(uses).toBe(0);
    expect(await ledger.drafts('decision.made')).toEqual([]);
    expect(await ledger.drafts('decision.searched')).toHaveLength(1);
  });

  it('say who acted, and of whom an enforcement point merely names only that there was one', async () => {
    const { ledger, known, ids } = await openListed();
    const one = { name: 'One', role: 'assistant', permitsAction: true, owned: true };
    const acting = newId('svc', world!);
    const said = 'maria.lopez@example.com';
    known['chain'] = {
      values: {
        live: true,
        asIssued: false,
        first: { ...one, id: acting },
        second: { ...one, id: said, role: 'unknown', permitsAction: false, owned: false },
      },
      subjects: { firstProgram: acting },
    };
    await world!.call(searchResources, byResource());
    await world!.decisions.decide(world!.ask('invoice:read'));
    const [searched] = await ledger.drafts('decision.searched');
    const [made] = await ledger.drafts('decision.made');
    expect(searched).toMatchObject({
      refs: { grantId: ids.grant },
      subjects: { firstProgram: acting, searched: ids.agent },
    });
    for (const entry of [searched, made]) {
      expect(entry?.facts).toMatchObject({ programs: [acting, 'unknown'] });
      expect(JSON.stringify({ ...entry, personal: [] })).not.toContain('maria');
    }
  });

  it('have one owner for each type', async () => {
    const { decisions } = await openListed();
    expect(() => decisions.registerEnumerator(enumeratorOf('Account', []))).toThrow(/somebody/);
  });
});

describe('metadata', () => {
  it('names every endpoint, and says the same under our signature', async () => {
    const { clock } = await open();
    const answer = authzenConfiguration.reply.parse(await world!.call(authzenConfiguration));
    const { signed_metadata: signed, ...plain } = answer;
    const origin = 'http://staff.localhost:4400';
    expect(plain).toEqual({
      policy_decision_point: origin,
      access_evaluation_endpoint: `${origin}/access/v1/evaluation`,
      access_evaluations_endpoint: `${origin}/access/v1/evaluations`,
      search_subject_endpoint: `${origin}/access/v1/search/subject`,
      search_resource_endpoint: `${origin}/access/v1/search/resource`,
      search_action_endpoint: `${origin}/access/v1/search/action`,
      capabilities: [],
      jwks_uri: `${origin}/oidc/jwks`,
      supported_obligations: ['step-up', 'custom'],
      obligations_supported: ['step-up', 'custom'],
    });
    const { kty, crv, x, y, kid } = testSigningKey;
    const jwks = createLocalJWKSet({ keys: [{ kty, crv, x, y, kid }] as never }); // our own key
    const { payload } = await jwtVerify(signed, jwks, { currentDate: new Date(clock.now()) });
    expect(payload).toMatchObject({ iss: origin, ...plain });
  });
});
