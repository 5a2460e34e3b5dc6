import { newId, systemClock, systemRandom } from '@proofline/kernel';
import { describe, expect, test } from 'vitest';
import type { AuthzenServer } from './authzen-server.ts';

const REQUESTS = '/access/v1/requests';
const errorOf = (name: string) => `urn:openid:authzen:access-request:error:${name}`;
const subject = { type: 'user', id: 'alice' };
const action = { name: 'read' };
const resource = { type: 'record', id: 'record-1' };
const denial = { expires_at: '2099-01-01T00:00:00Z', binding_token: 'none' };
const wanted = { interaction_id: `int_${'0'.repeat(26)}`, body: {} };
const one = { subject, action, resource, denial, requested_access: wanted };
const item = { action, resource, denial };

/**
 * AuthZEN Access Request and Approval profile and its companions for bulk requests and callbacks, as
 * they are spoken over HTTP. What a denial that can be asked for comes to is tested at the desk that
 * takes it (modules/approvals), because it needs a live call.
 */
export function describeAccessRequests(pdp: () => AuthzenServer): void {
  describe('access requests', () => {
    test.each<[string, object]>([
      ['a resource beside items', { subject, resource, items: [item], requested_access: wanted }],
      ['an action beside items', { subject, action, items: [item], requested_access: wanted }],
      ['neither', { subject, denial, requested_access: wanted }],
      ['no item', { subject, items: [], requested_access: wanted }],
      [
        '21 items',
        { subject, items: Array.from({ length: 21 }, () => item), requested_access: wanted },
      ],
      [
        'an item without a denial',
        { subject, items: [{ action, resource }], requested_access: wanted },
      ],
      ['no denial', { subject, action, resource, requested_access: wanted }],
      [
        'a long state',
        { ...one, callback: { endpoint: 'https://a.example/', state: 'x'.repeat(999) } },
      ],
      ['no endpoint', { ...one, callback: { state: 'x' } }],
    ])('a submission with %s is a 400', async (_name, body) => {
      expect((await pdp().ask(REQUESTS, body)).status).toBe(400);
    });

    test.each<[string, object]>([
      ['of one thing', one],
      ['of several', { subject, items: [item, item], requested_access: wanted }],
      // Bulk profile: the one at the top would have to cover every item.
      [
        'with a denial for all',
        { subject, denial, items: [{ action, resource }], requested_access: wanted },
      ],
      ['with members that nobody knows', { ...one, client: { id: 'x' }, 'example.org/y': 1 }],
    ])('a submission %s is bound to its denial', async (_name, body) => {
      const answer = await pdp().ask(REQUESTS, body);
      expect([answer.status, answer.json]).toMatchObject([
        400,
        { type: errorOf('invalid_denial_binding') },
      ]);
      expect(answer.headers['content-type']).toBe('application/problem+json');
    });

    test('a task that is not one’s own is unknown, to read and to cancel, with and without a body', async () => {
      const task = `${REQUESTS}/${newId('arq', { clock: systemClock, random: systemRandom })}`;
      const unknown = { type: errorOf('unknown_task') };
      const answers = await Promise.all([
        pdp().ask(task, undefined, { method: 'GET' }),
        pdp().ask(`${task}/cancel`, { reason: 'no_longer_needed', comment: 'x', other: 1 }),
        pdp().ask(`${task}/cancel`, undefined),
      ]);
      for (const { status, json } of answers) expect([status, json]).toMatchObject([404, unknown]);
      expect((await pdp().ask(`${task}/cancel`, {}, { role: 'telephony' })).status).toBe(403);
      expect((await pdp().ask(`${task}/cancel`, { reason: 7 })).status).toBe(400);
    });
  });
}
