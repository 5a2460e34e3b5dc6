import { describe, expect, test } from 'vitest';
import type { AuthzenServer } from './authzen-server.ts';

const EVALUATION = '/access/v1/evaluation';
const EVALUATIONS = '/access/v1/evaluations';
const REQUESTS = '/access/v1/requests';
const search = (kind: string) => `/access/v1/search/${kind}`;

const alice = { type: 'user', id: 'alice' };
const record1 = { type: 'record', id: 'record-1' };
const asked = { subject: alice, action: { name: 'read' }, resource: record1 };
const found = { subject: { type: 'user' }, action: asked.action, resource: record1 };
const REQUEST_ID = 'hostile-1';

/** What stands at the edges of the specification: each is refused, or read in one way alone. */
export function describeHostileRequests(pdp: () => AuthzenServer): void {
  describe('what is not of the form is a 400, and says so with the request’s own id', () => {
    test.each([
      ['properties are a text', EVALUATION, { ...asked, subject: { ...alice, properties: 'x' } }],
      ['properties are a list', EVALUATION, { ...asked, resource: { ...record1, properties: [] } }],
      ['properties are null', EVALUATION, { ...asked, subject: { ...alice, properties: null } }],
      ['the context is a list', EVALUATION, { ...asked, context: [] }],
      ['the context is null', EVALUATION, { ...asked, context: null }],
      ['an empty id', EVALUATION, { ...asked, subject: { type: 'user', id: '' } }],
      ['an id that is a number', EVALUATION, { ...asked, resource: { type: 'record', id: 1 } }],
      ['an entity that is null', EVALUATION, { ...asked, action: null }],
      ['an entity that is a list', EVALUATION, { ...asked, action: ['read'] }],
      [
        'an amount beyond what is exact',
        EVALUATION,
        { ...asked, context: { amount_cents: 2 ** 53 } },
      ],
      ['a body that is a list', EVALUATION, [asked]],
      ['a body that is null', EVALUATION, null],
      ['a member called __proto__', EVALUATION, JSON.parse('{"__proto__":{"decision":true}}')],
      ['evaluations by name', EVALUATIONS, { ...asked, evaluations: { '1': {} } }],
      ['evaluations are null', EVALUATIONS, { ...asked, evaluations: null }],
      [
        'a semantic that there is not',
        EVALUATIONS,
        { ...asked, evaluations: [{}], options: { evaluations_semantic: 'permit_all' } },
      ],
      ['options are null', EVALUATIONS, { ...asked, evaluations: [{}], options: null }],
      ['nothing to evaluate', EVALUATIONS, {}],
      ['a page of nothing', search('subject'), { ...found, page: { limit: 0 } }],
      ['a page of less than nothing', search('subject'), { ...found, page: { limit: -1 } }],
      ['a page of a text', search('subject'), { ...found, page: { limit: '1' } }],
      ['a token that is none', search('subject'), { ...found, page: { token: 'next' } }],
      ['a token that is a number', search('subject'), { ...found, page: { token: 1 } }],
      ['an action that is searched and named', search('resource'), { ...asked, action: {} }],
    ])('%s', async (_name, path, body) => {
      const answer = await pdp().ask(path, body, { headers: { 'x-request-id': REQUEST_ID } });
      expect(answer.status).toBe(400);
      expect(answer.headers['x-request-id']).toBe(REQUEST_ID);
      expect(answer.headers['content-type']).toBe('application/problem+json');
    });

    test.each([
      ['nested without end', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
      ['two texts', `${JSON.stringify(asked)}${JSON.stringify(asked)}`],
      ['a half of a character', '{"subject":{"type":"user","id":"\\ud800"}}'],
      ['JSON with a comment', `/**/${JSON.stringify(asked)}`],
    ])('%s', async (_name, body) => {
      expect((await pdp().ask(EVALUATION, undefined, { body })).status).toBe(400);
    });
  });

  describe('what is read in one way alone', () => {
    describeOneReading(pdp);
  });

  test('other methods and paths are refused with the request’s own id, and nobody is told more', async () => {
    const headers = { 'x-request-id': REQUEST_ID };
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']) {
      const answer = await pdp().bare(EVALUATION, { method, headers });
      expect(answer.status).toBe(404);
      expect(answer.headers['x-request-id']).toBe(REQUEST_ID);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await pdp().bare('/access/v1/none', { method: 'POST', headers })).status).toBe(404);
    // Refused before anybody looked at what is asked.
    const elsewhere = { ...headers, host: 'elsewhere.example' };
    const lost = await pdp().bare(EVALUATION, { method: 'POST', headers: elsewhere });
    expect([lost.status, lost.headers['x-request-id']]).toEqual([404, REQUEST_ID]);
    const metadata = await pdp().bare('/.well-known/authzen-configuration', { method: 'HEAD' });
    expect(metadata.status).toBe(200);
  });

  test('1.0 §10.1.3 nobody, and who may not ask, are told apart from a deny', async () => {
    const headers = { 'content-type': 'application/json', 'x-request-id': 'r1' };
    const nobody = await pdp().bare(EVALUATION, {
      method: 'POST',
      headers,
      body: JSON.stringify(asked),
    });
    expect(nobody.status).toBe(401);
    expect(nobody.headers['x-request-id']).toBe('r1');
    expect((await pdp().ask(EVALUATION, asked, { role: 'telephony' })).status).toBe(403);
  });

  test('access requests are refused in the words of their profile', async () => {
    const headers = { 'x-request-id': REQUEST_ID };
    const error = (name: string) => `urn:openid:authzen:access-request:error:${name}`;
    const denial = { expires_at: '2099-01-01T00:00:00Z', binding_token: 'none' };
    const wanted = { interaction_id: `int_${'0'.repeat(26)}`, body: {} };
    const submission = { ...asked, denial, requested_access: wanted };
    const submitted = await pdp().ask(REQUESTS, submission, { headers });
    expect(submitted.status).toBe(400);
    expect(submitted.json).toMatchObject({ type: error('invalid_denial_binding') });
    expect(submitted.headers['content-type']).toBe('application/problem+json');
    expect(submitted.headers['x-request-id']).toBe(REQUEST_ID);
    expect((await pdp().ask(REQUESTS, asked)).status).toBe(400);
    expect((await pdp().ask(REQUESTS, submission, { role: 'telephony' })).status).toBe(403);
    const task = `${REQUESTS}/arq_${'0'.repeat(26)}`;
    const polled = await pdp().ask(task, undefined, { method: 'GET', headers });
    expect(polled.status).toBe(404);
    expect(polled.json).toMatchObject({ type: error('unknown_task') });
    expect((await pdp().bare(task, { headers })).status).toBe(401);
  });

  test('a body beyond the limit is a 413, and a browser of another origin a 403', async () => {
    const large = { ...asked, context: { text: 'x'.repeat(70_000) } };
    expect((await pdp().ask(EVALUATION, large)).status).toBe(413);
    const headers = { origin: 'https://elsewhere.example' };
    expect((await pdp().ask(EVALUATION, asked, { headers })).status).toBe(403);
  });
}

function describeOneReading(pdp: () => AuthzenServer): void {
  test.each([
    ['application/json; charset=utf-8'],
    ['application/json;charset=UTF-8'],
    ['Application/JSON'],
  ])('%s is JSON', async (type) => {
    const answer = await pdp().ask(EVALUATION, asked, { headers: { 'content-type': type } });
    expect(answer.json).toMatchObject({ decision: true });
  });

  test('a member that stands twice counts where it stands last, and is recorded so', async () => {
    const body = `{"action":{"name":"read"},${JSON.stringify({ ...asked, action: { name: 'write' } }).slice(1)}`;
    const answer = await pdp().ask(EVALUATION, undefined, { body });
    expect(answer.json).toMatchObject({
      decision: true,
      context: { proofline: { action: 'write' } },
    });
  });

  test('a property of a wrong type is a deny, never a guess', async () => {
    const action = (soft: unknown) => ({ name: 'delete', properties: { soft } });
    for (const soft of ['true', 1, [true], { __entity: { type: 'user', id: 'alice' } }, null]) {
      const answer = await pdp().ask(EVALUATION, { ...asked, action: action(soft) });
      expect(answer.json).toMatchObject({
        decision: false,
        context: { reason: 'question_not_understood' },
      });
    }
  });

  test('members of any kind that nobody reads change nothing', async () => {
    const more =
      '{"n":1e300,"list":[[[]]],"constructor":{"prototype":1},"toString":9007199254740993}';
    const subject = `{"type":"user","id":"alice","properties":${more}}`;
    const body = `${JSON.stringify(asked).slice(0, -1)},"subject":${subject},"context":${more},"hasOwnProperty":1}`;
    const answer = await pdp().ask(EVALUATION, undefined, { body });
    expect(answer.json).toMatchObject({ decision: true });
  });

  test('names of the language of policies are names like any other', async () => {
    for (const id of ['alice"', 'alice\\', 'alice\n', 'ALICE', 'alice ', '*', 'constructor']) {
      const answer = await pdp().ask(EVALUATION, { ...asked, subject: { type: 'user', id } });
      expect(answer.json).toMatchObject({ decision: false });
    }
  });

  test('a page of too much is a page of what there is, and an empty token begins anew', async () => {
    const page = { limit: 1_000_000_000, token: '', properties: { sort: 'id' } };
    const answer = await pdp().ask(search('subject'), { ...found, page });
    expect(answer.json).toMatchObject({ results: [alice, { id: 'bob' }], page: { count: 2 } });
  });
}
