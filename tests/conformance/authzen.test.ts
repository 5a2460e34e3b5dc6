import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localFetch } from '../../demo/actors/local-fetch.ts';
import { describeAccessRequests } from './authzen-access-requests.ts';
import { describeCoaz } from './authzen-coaz.ts';
import { describeHostileRequests } from './authzen-hostile.ts';
import { describeInterop } from './authzen-interop.ts';
import { startAuthzenServer, type AuthzenServer } from './authzen-server.ts';

/**
 * OpenID AuthZEN Authorization API 1.0 over HTTP, section by section of the working group's
 * certification scenario (openid/authzen, certification/authorization-api-1_0-scenario.md). What it
 * asks of TLS is the reverse proxy's.
 */
let pdp: AuthzenServer;
beforeAll(async () => {
  pdp = await startAuthzenServer();
});
afterAll(() => pdp.close());

const EVALUATION = '/access/v1/evaluation';
const EVALUATIONS = '/access/v1/evaluations';
const search = (kind: string) => `/access/v1/search/${kind}`;

const alice = { type: 'user', id: 'alice' };
const bob = { type: 'user', id: 'bob' };
const admin = { ...bob, properties: { role: 'admin' } };
const record1 = { type: 'record', id: 'record-1' };
const record2 = { type: 'record', id: 'record-2' };
const archived = { ...record2, properties: { status: 'archived' } };
const [read, write] = [{ name: 'read' }, { name: 'write' }];
const asked = { subject: alice, action: read, resource: record1 };

async function expectDecision(body: object, decision: boolean): Promise<void> {
  const answer = await pdp.ask(EVALUATION, body);
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json');
  expect(answer.json).toMatchObject({ decision });
}
async function expectDecisions(body: object, decisions: readonly boolean[]): Promise<unknown> {
  const answer = await pdp.ask(EVALUATIONS, body);
  expect(answer.status).toBe(200);
  const { evaluations } = answer.json as { evaluations: { decision: boolean }[] }; // checked below
  expect(evaluations.map(({ decision }) => decision)).toEqual(decisions);
  expect(answer.json).not.toHaveProperty('decision');
  return answer.json;
}

describe('2 access evaluation', () => {
  test.each([
    ['2.2.1 permit', asked, true],
    ['2.2.2 deny', { subject: bob, action: write, resource: record1 }, false],
    [
      '2.2.3 context',
      { ...asked, context: { time: '2026-06-27T18:03-07:00', ip: '192.168.1.1' } },
      true,
    ],
    [
      '2.2.4 deny by a property of the resource',
      { subject: alice, action: write, resource: archived },
      false,
    ],
    [
      '2.2.5 permit by a property of the subject',
      { subject: admin, action: write, resource: archived },
      true,
    ],
    [
      '2.2.6 permit by a property of the action',
      { ...asked, action: { name: 'delete', properties: { soft: true } } },
      true,
    ],
    [
      '2.2.7 deny by a property of the action',
      { ...asked, action: { name: 'delete', properties: { soft: false } } },
      false,
    ],
    [
      '2.2.8 further properties',
      {
        subject: { ...alice, properties: { department: 'Sales', role: 'manager' } },
        action: { name: 'read', properties: { method: 'GET' } },
        resource: { ...record1, properties: { status: 'active', owner: 'bob' } },
      },
      true,
    ],
    ['2.2.9 unknown members', { ...asked, foo: 'bar', futureField: { nested: true } }, true],
    ['1.4 rule 2', { ...asked, action: write }, true],
    ['1.4 rule 3', { ...asked, subject: bob }, true],
  ])('%s', (_name, body, decision) => expectDecision(body, decision));

  test('2.3 the decision is a boolean, and the context an object', async () => {
    const { json } = await pdp.ask(EVALUATION, asked);
    expect(json).toEqual({ decision: true, context: expect.any(Object) });
  });

  test.each([
    ['2.4.1 no subject', { action: read, resource: record1 }],
    ['2.4.1 no action', { subject: alice, resource: record1 }],
    ['2.4.1 no resource', { subject: alice, action: read }],
    ['2.4.2 subject without type', { ...asked, subject: { id: 'alice' } }],
    ['2.4.2 subject without id', { ...asked, subject: { type: 'user' } }],
    ['2.4.2 action without name', { ...asked, action: {} }],
    ['2.4.2 resource without type', { ...asked, resource: { id: 'record-1' } }],
    ['2.4.2 resource without id', { ...asked, resource: { type: 'record' } }],
    ['2.4.6 subject is a string', { ...asked, subject: 'alice' }],
    ['2.4.6 action.name is a number', { ...asked, action: { name: 123 } }],
  ])('%s is a 400', async (_name, body) => {
    expect((await pdp.ask(EVALUATION, body)).status).toBe(400);
  });

  test.each([
    ['2.4.3 another content type', { headers: { 'content-type': 'text/plain' } }],
    ['2.4.3 a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['2.4.4 broken JSON', { body: '{"subject":' }],
    ['2.4.5 an empty body', { body: '' }],
  ])('%s is a 400', async (_name, more) => {
    const id = 'in-error-too';
    const answer = await pdp.ask(EVALUATION, asked, {
      ...more,
      headers: { 'x-request-id': id, ...('headers' in more ? more.headers : {}) },
    });
    expect(answer.status).toBe(400);
    expect(answer.headers['x-request-id']).toBe(id);
  });

  test('2.5.1 X-Request-ID comes back as it is, and 2.5.2 is not needed', async () => {
    const id = 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716';
    const answer = await pdp.ask(EVALUATION, asked, { headers: { 'x-request-id': id } });
    expect(answer.headers['x-request-id']).toBe(id);
    const without = await pdp.ask(EVALUATION, asked);
    expect(without.status).toBe(200);
    expect(without.headers['x-request-id']).toBeUndefined();
  });

  test('2.6 the same question is answered alike', async () => {
    for (let time = 0; time < 5; time += 1) await expectDecision(asked, true);
  });
});

describe('3 access evaluations', () => {
  test.each([
    [
      '3.2.1 shared subject and action',
      { subject: alice, action: read, evaluations: [{ resource: record1 }, { resource: record2 }] },
      [true, true],
    ],
    [
      '3.2.2 decisions in their order',
      { subject: bob, resource: record1, evaluations: [{ action: read }, { action: write }] },
      [true, false],
    ],
    [
      '3.2.3 properties of each resource',
      {
        subject: alice,
        action: write,
        evaluations: [
          { resource: { ...record1, properties: { status: 'active' } } },
          { resource: archived },
        ],
      },
      [true, false],
    ],
    [
      '3.2.4 properties of each subject',
      { action: write, resource: archived, evaluations: [{ subject: alice }, { subject: admin }] },
      [false, true],
    ],
    [
      '3.2.5 nothing shared',
      { evaluations: [asked, { subject: bob, action: write, resource: record1 }] },
      [true, false],
    ],
    [
      '3.2.6 a context of its own',
      {
        subject: alice,
        action: read,
        context: { time: '2026-06-27T18:03-07:00' },
        evaluations: [
          { resource: record1 },
          { resource: record2, context: { source: 'batch-override' } },
        ],
      },
      [true, true],
    ],
    [
      '3.2.7 a shared type, and properties that are not shared',
      {
        subject: alice,
        action: write,
        resource: { type: 'record', properties: { status: 'archived' } },
        evaluations: [
          { resource: { id: 'record-1', properties: { status: 'active' } } },
          { resource: archived },
        ],
      },
      [true, false],
    ],
  ])('%s', async (_name, body, decisions) => {
    await expectDecisions(body, decisions);
  });

  test('3.4.1 an evaluation that is wrong fails alone', async () => {
    const body = { subject: alice, action: read, evaluations: [{ resource: record1 }, {}] };
    expect(await expectDecisions(body, [true, false])).toMatchObject({
      evaluations: [{}, { context: { error: { status: 400 } } }],
    });
  });

  test.each([
    ['3.4.2 no evaluations', asked],
    ['3.4.3 empty evaluations', { ...asked, evaluations: [] }],
  ])('%s are one evaluation', async (_name, body) => {
    const answer = await pdp.ask(EVALUATIONS, body);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ decision: true });
    expect(answer.json).not.toHaveProperty('evaluations');
  });

  test.each([
    ['execute_all', [true, false, true]],
    ['deny_on_first_deny', [true, false]],
    ['permit_on_first_permit', [true]],
  ])('1.0 §7.1.2.1 %s', async (semantic, decisions) => {
    const evaluations = [{ action: read }, { action: { name: 'delete' } }, { action: write }];
    const options = { evaluations_semantic: semantic, another_option: 'value' };
    await expectDecisions({ subject: alice, resource: record1, evaluations, options }, decisions);
  });

  test('a batch that is too large is refused whole, with the bound', async () => {
    const evaluations = Array.from({ length: 101 }, () => ({ resource: record1 }));
    const answer = await pdp.ask(EVALUATIONS, { subject: alice, action: read, evaluations });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('100');
  });
});

describe('4 searches', () => {
  const found = async (kind: string, body: object): Promise<unknown[]> => {
    const answer = await pdp.ask(search(kind), body);
    expect(answer.status).toBe(200);
    return (answer.json as { results: unknown[] }).results; // an array by `toEqual` in each test
  };
  const subjects = { subject: { type: 'user' }, action: read, resource: record1 };

  test.each([
    ['4.2.1 subjects', 'subject', subjects, [alice, bob]],
    [
      '4.2.2 subjects, with context',
      'subject',
      { ...subjects, context: { time: 'now' } },
      [alice, bob],
    ],
    ['4.2.3 subjects, the id is ignored', 'subject', { ...subjects, subject: alice }, [alice, bob]],
    [
      '4.2.4 subjects, by properties',
      'subject',
      { ...subjects, action: write, resource: archived },
      [bob],
    ],
    [
      '4.3.1 resources',
      'resource',
      { subject: alice, action: read, resource: { type: 'record' } },
      [record1, record2],
    ],
    [
      '4.3.2 resources, the id is ignored',
      'resource',
      { subject: alice, action: read, resource: record2 },
      [record1, record2],
    ],
    [
      '4.3.3 resources, by properties',
      'resource',
      { subject: admin, action: write, resource: { type: 'record' } },
      [record2],
    ],
    ['4.4.1 actions', 'action', { subject: alice, resource: record1 }, [read, write]],
    [
      '4.4.2 actions, with context',
      'action',
      { subject: alice, resource: record1, context: { ip: '::1' } },
      [read, write],
    ],
    [
      '4.4.3 actions, by properties',
      'action',
      { subject: admin, resource: archived },
      [read, write],
    ],
    [
      '4.6.1 nobody of this id',
      'action',
      { subject: { type: 'user', id: 'nonexistent-user' }, resource: record1 },
      [],
    ],
    ['4.6.2 nobody of this type', 'subject', { ...subjects, subject: { type: 'spaceship' } }, []],
    ['4.6.2 nothing of this type', 'resource', { ...asked, resource: { type: 'spaceship' } }, []],
  ])('%s', async (...[, kind, body, results]) => {
    expect(await found(kind, body)).toEqual(results);
  });

  test('4.5 pages: a limit, a token, and an empty token at the end', async () => {
    const first = await pdp.ask(search('subject'), { ...subjects, page: { limit: 1 } });
    expect(first.json).toEqual({
      results: [alice],
      page: { next_token: expect.stringMatching(/./), count: 1 },
    });
    const { page } = first.json as { page: { next_token: string } }; // checked above
    const next = { limit: 1, token: page.next_token };
    const second = await pdp.ask(search('subject'), { ...subjects, page: next });
    expect(second.json).toEqual({ results: [bob], page: { next_token: '', count: 1 } });
    const other = await pdp.ask(search('subject'), { ...subjects, action: write, page: next });
    expect(other.status).toBe(400);
  });

  test.each([
    [
      '4.7.1 subjects without an action',
      'subject',
      { subject: { type: 'user' }, resource: record1 },
    ],
    [
      '4.7.1 resources without a subject',
      'resource',
      { action: read, resource: { type: 'record' } },
    ],
    ['4.7.1 actions without a resource', 'action', { subject: alice }],
    [
      '4.7.2 subjects of a resource without id',
      'subject',
      { ...subjects, resource: { type: 'record' } },
    ],
    [
      '4.7.2 resources of a subject without id',
      'resource',
      { subject: { type: 'user' }, action: read, resource: { type: 'record' } },
    ],
  ])('%s is a 400', async (_name, kind, body) => {
    expect((await pdp.ask(search(kind), body)).status).toBe(400);
  });

  test('8.1 what is found is permitted when it is asked for', async () => {
    for (const kind of ['subject', 'resource', 'action'] as const) {
      for (const entity of await found(kind, { ...asked, action: write })) {
        await expectDecision({ ...asked, action: write, [kind]: entity }, true);
      }
    }
  });

  test('who may evaluate may not search by that', async () => {
    expect((await pdp.ask(search('subject'), subjects, { role: 'telephony' })).status).toBe(403);
  });
});

describe('6 metadata', () => {
  test('6.1 to 6.5 names the endpoints, plainly and signed', async () => {
    const answer = await pdp.bare('/.well-known/authzen-configuration');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    const { signed_metadata: signed, ...plain } = answer.json as Record<string, unknown>; // an object
    expect(plain).toEqual({
      policy_decision_point: pdp.origin,
      access_evaluation_endpoint: `${pdp.origin}${EVALUATION}`,
      access_evaluations_endpoint: `${pdp.origin}${EVALUATIONS}`,
      search_subject_endpoint: `${pdp.origin}${search('subject')}`,
      search_resource_endpoint: `${pdp.origin}${search('resource')}`,
      search_action_endpoint: `${pdp.origin}${search('action')}`,
      access_request_endpoint: `${pdp.origin}/access/v1/requests`,
      capabilities: ['urn:openid:authzen:capability:access-request'],
      jwks_uri: `${pdp.origin}/oidc/jwks`,
      supported_obligations: ['step-up', 'custom'],
      obligations_supported: ['step-up', 'custom'],
    });
    const jwks = createRemoteJWKSet(new URL(String(plain['jwks_uri'])), {
      [customFetch]: localFetch,
    });
    const { payload } = await jwtVerify(String(signed), jwks, { issuer: pdp.origin });
    expect(payload).toMatchObject(plain);
  });
});

describe('hostile requests', () => {
  describeHostileRequests(() => pdp);
});
describe('interoperability', () => {
  describeInterop(() => pdp);
  describeCoaz(() => pdp);
  describeAccessRequests(() => pdp);
});
