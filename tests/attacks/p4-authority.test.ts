import { digestBase64url } from '@proofline/enforce';
import { canonicalJson } from '@proofline/kernel';
import { serviceRoles } from '@proofline/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../demo/actors/device.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf } from '../../demo/story/stage.ts';
import { callAs, enrolWithDevice, serviceCaller } from './callers.ts';
import { recordOf } from './crm.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import {
  grantError,
  grantOn,
  invoiceOf,
  proveCall,
  refund,
  type ProvedCall,
} from './proved-call.ts';

let field: Battlefield;
let agent: Colleague;
let supervisor: Colleague;
let call: ProvedCall;
let grant: string;
let accountNumber: string;
let invoiceId: string;

beforeAll(async () => {
  field = await openCompany();
  const { company, stage } = field;
  agent = await seatFounder(company, 'Ana Ruiz');
  supervisor = await seatFounder(company, 'Sol Marchetti');
  accountNumber = company.accountNumbers[0] ?? '';
  const { phone } = await enrolWithDevice(company, accountNumber);
  call = await proveCall(stage, { agent, customer: phone, accountNumber });
  grant = await grantOn(agent, call.caseId);
  invoiceId = await invoiceOf(agent, grant, accountNumber);
});
afterAll(() => field.close());

describe('P4: a program has only the authority that it was given', () => {
  test.each(serviceRoles)('the %s service reads no customer’s data, anywhere', async (role) => {
    const caller = await serviceCaller(field.company, role);
    const { gateway, staff } = field.company.origins;
    for (const path of ['', '/invoices']) {
      const aim = { method: 'GET', path: `/customers/${accountNumber}${path}` };
      expect(
        (await callAs(caller, { ...aim, origin: gateway, from: staff })).status,
      ).toBeGreaterThanOrEqual(400);
    }
    for (const path of [
      `/api/interactions/${call.interactionId}`,
      '/api/interactions',
      '/api/cases',
      '/api/evidence',
      '/api/people',
    ]) {
      const answer = await callAs(caller, { origin: staff, method: 'GET', path });
      expect(answer.status).toBe(401);
    }
  });

  test('a service gets no grant for itself or in an agent’s name', async () => {
    const { gateway, staff } = field.company.origins;
    for (const role of serviceRoles) {
      const caller = await serviceCaller(field.company, role);
      const held = await caller.credentials!();
      for (const token of [held.accessToken, agent.console.accessToken]) {
        const answer = await callAs(caller, {
          origin: staff,
          method: 'POST',
          path: '/oidc/token',
          form: {
            grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
            client_id: 'console',
            subject_token: token,
            subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
            resource: gateway,
            authorization_details: JSON.stringify([
              { type: 'proofline_case', case_id: call.caseId, actions: ['account:read'] },
            ]),
          },
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.text).not.toContain('access_token');
      }
    }
  });

  test('a grant’s actions cannot be widened: what it does not name is refused', async () => {
    const narrow = await grantOn(agent, call.caseId, ['account:read']);
    const path = `/customers/${accountNumber}`;
    const wider: readonly (readonly [string, string, unknown])[] = [
      ['GET', '/invoices', undefined],
      ['PATCH', '/delivery-preference', { deliveryPreference: 'portal' }],
      ['PUT', '/billing-address', { street: 'x', postalCode: '1', city: 'X', country: 'DE' }],
    ];
    for (const [method, rest, json] of wider) {
      const answer = await agent.console.gateway(narrow, { method, path: `${path}${rest}`, json });
      expect(codeOf(answer)).toBe('access.denied');
    }
    const edited = narrow.split('.').map((part, at) => {
      if (at !== 1) return part;
      const claims = JSON.parse(Buffer.from(part, 'base64url').toString()) as {
        authorization_details: { actions: string[] }[];
      };
      claims.authorization_details[0]?.actions.push('invoice:read');
      return Buffer.from(JSON.stringify(claims)).toString('base64url');
    });
    const forged = agent.console.gateway(edited.join('.'), {
      method: 'GET',
      path: `${path}/invoices`,
    });
    expect(codeOf(await forged)).toBe('token.invalid');
  });

  test('a grant names nothing but a case’s own actions, once', async () => {
    const exchange = async (actions: readonly string[], caseId = call.caseId) =>
      grantError(await agent.console.exchange(caseId, actions));
    for (const actions of [
      ['evidence:read'],
      ['account:read', 'session:end'],
      ['*'],
      [],
      ['account:*'],
      ['ACCOUNT:READ'],
    ]) {
      expect(await exchange(actions)).toBe('invalid_authorization_details');
    }
    expect(await exchange(['account:read'], 'cse_00000000000000000000000000')).toBe(
      'access_denied',
    );
    expect(await exchange(['account:read'], `${call.caseId}","x":"`)).toBe(
      'invalid_authorization_details',
    );
  });
});

describe('P4: an approval is of exactly one request', () => {
  const order = { amountCents: 12_000, reason: 'service-outage' };
  let approvalId: string;

  const ask = (body: object, extra: object = {}): Promise<Answer> =>
    agent.console.api('POST', '/api/approvals', {
      interactionId: call.interactionId,
      action: 'refund:initiate',
      resource: { type: 'Account', id: accountNumber },
      body,
      ...extra,
    });
  const decide = (who: Colleague, id: string, verdict = 'approve') =>
    who.console.api('POST', `/api/approvals/${id}/decision`, {
      verdict,
      reasonCode: 'service-outage',
    });

  beforeAll(async () => {
    await agent.console.signIn({ maxAgeSeconds: 0 });
    await supervisor.console.signIn({ maxAgeSeconds: 0 });
    const asked = await ask({ invoiceId, ...order });
    approvalId = (asked.body as { approvalId: string }).approvalId; // the contract's form
  });

  test('an open request approves nothing', async () => {
    const answer = await refund(agent, grant, { accountNumber, invoiceId, ...order });
    expect(codeOf(answer)).toBe('access.denied');
  });

  test('nobody decides on their own request, nor an agent on anybody’s, nor another desk’s supervisor', async () => {
    const greta = await seatFounder(field.company, 'Greta Holm');
    const bayo = await seatFounder(field.company, 'Bayo Adeyemi');
    for (const who of [agent, bayo, greta]) {
      const answer = await decide(who, approvalId);
      expect(answer.status).toBe(403);
    }
  });

  test('an approval of one content permits no other: cent, invoice, reason, account or extra member', async () => {
    expect((await decide(supervisor, approvalId)).status).toBe(200);
    const before = await recordOf(field.company, accountNumber);
    const others = [
      { invoiceId, ...order, amountCents: 12_001 },
      { invoiceId, ...order, amountCents: 999_999 },
      { invoiceId: `${invoiceId.slice(0, -1)}${invoiceId.endsWith('1') ? 2 : 1}`, ...order },
      { invoiceId, ...order, reason: 'billing-error' },
      { invoiceId, ...order, note: 'x' },
      { invoiceId, ...order, amountCents: '12000' },
    ];
    for (const json of others) {
      const answer = await refund(agent, grant, { accountNumber, ...json });
      expect(codeOf(answer)).toMatch(/^(access\.denied|request\.malformed)$/);
    }
    const foreign = field.company.accountNumbers.at(-1) ?? '';
    const elsewhere = await refund(agent, grant, { accountNumber: foreign, invoiceId, ...order });
    expect(codeOf(elsewhere)).toBe('access.denied');
    expect(await recordOf(field.company, accountNumber)).toBe(before);
  });

  test('an approval is used once, also by many requests at the same moment', async () => {
    await agent.console.signIn({ maxAgeSeconds: 0 });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => refund(agent, grant, { accountNumber, invoiceId, ...order })),
    );
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    expect((await refund(agent, grant, { accountNumber, invoiceId, ...order })).status).toBe(403);
  });

  test('a decided approval is not decided again, and a rejected one permits nothing', async () => {
    expect(codeOf(await decide(supervisor, approvalId, 'reject'))).toMatch(/^(approval|access)\./);
    const asked = await ask({ invoiceId, ...order, amountCents: 13_000 });
    const { approvalId: second } = asked.body as { approvalId: string }; // the contract's form
    expect((await decide(supervisor, second, 'reject')).status).toBe(200);
    expect((await decide(supervisor, second)).status).toBeGreaterThanOrEqual(400);
    const json = { accountNumber, invoiceId, ...order, amountCents: 13_000 };
    expect(codeOf(await refund(agent, grant, json))).toBe('access.denied');
  });

  test('an enforcement point has approved what it denied, nothing else, and only once', async () => {
    await agent.console.signIn({ maxAgeSeconds: 0 });
    await supervisor.console.signIn({ maxAgeSeconds: 0 });
    const { staff } = field.company.origins;
    const gateway = await serviceCaller(field.company, 'gateway');
    const pep = async (path: string, json?: object, method = json ? 'POST' : 'GET') =>
      JSON.parse((await callAs(gateway, { origin: staff, method, path, json })).text) as Told;
    const { denied, submission, question } = await denialOf(pep, { ...order, amountCents: 14_000 });
    expect(denied).toMatchObject({ decision: false, context: { reason: 'approval_required' } });
    const { requested_access: wanted } = submission;
    const body = { ...wanted.body, amountCents: 90_000 };
    const other = { ...submission, requested_access: { ...wanted, body } };
    expect(await pep('/access/v1/requests', other)).toMatchObject({
      code: 'access-request.invalid-binding',
    });
    const { task } = await pep('/access/v1/requests', submission);
    const status = `/access/v1/requests/${task?.id}`;
    expect(await pep(status)).toMatchObject({ task: { status: 'pending' } });
    const { body: listed } = await supervisor.console.api('GET', '/api/approvals?state=open');
    const [open] = (listed as { approvals: { approvalId: string }[] }).approvals; // the contract's form
    expect((await decide(supervisor, open?.approvalId ?? '')).status).toBe(200);
    const { result } = await pep(status);
    const again = { ...question, context: { ...question.context, approval: result?.approval } };
    expect(await pep('/access/v1/evaluation', again)).toMatchObject({ decision: true });
    expect(await pep('/access/v1/evaluation', again)).toMatchObject({
      decision: false,
      context: { reason: 'approval_expired', next_action: 'request' },
    });
  });

  test('what an enforcement point took back, nobody can approve any more', async () => {
    const { staff } = field.company.origins;
    const gateway = await serviceCaller(field.company, 'gateway');
    const pep = async (path: string, json?: object, method = json ? 'POST' : 'GET') =>
      JSON.parse((await callAs(gateway, { origin: staff, method, path, json })).text) as Told;
    const { submission } = await denialOf(pep, { ...order, amountCents: 15_000 });
    const callback = { endpoint: 'http://169.254.169.254/latest/meta-data' };
    expect(await pep('/access/v1/requests', { ...submission, callback })).toMatchObject({
      code: 'access-request.callback-refused',
    });
    const { task } = await pep('/access/v1/requests', submission);
    const { body: listed } = await supervisor.console.api('GET', '/api/approvals?state=open');
    const [open] = (listed as { approvals: { approvalId: string }[] }).approvals; // the contract's form
    const cancel = `/access/v1/requests/${task?.id}/cancel`;
    expect(await pep(cancel, { reason: 'call_over' })).toMatchObject({
      task: { status: 'cancelled' },
    });
    expect(await pep(cancel, {})).toMatchObject({ code: 'access-request.invalid-task-state' });
    expect((await decide(supervisor, open?.approvalId ?? '')).status).toBeGreaterThanOrEqual(400);
  });

  test('no approval is asked for on a colleague’s call, nor with prototype tricks in its content', async () => {
    const bayo = await seatFounderOnce('Elena Fabbri');
    const content = {
      interactionId: call.interactionId,
      action: 'refund:initiate',
      resource: { type: 'Account', id: accountNumber },
      body: { invoiceId, ...order },
    };
    expect(codeOf(await bayo.console.api('POST', '/api/approvals', content))).toBe('access.denied');
    const text = JSON.stringify(content).replace('"body":{', '"body":{"__proto__":{"x":1},');
    const url = `${field.company.origins.staff}/api/approvals`;
    const { accessToken, key } = agent.console;
    const answer = await agent.device.ask(url, {
      method: 'POST',
      body: text,
      headers: {
        'content-type': 'application/json',
        authorization: `DPoP ${accessToken}`,
        dpop: await key.prove({ method: 'POST', url, accessToken }),
      },
    });
    expect(codeOf(answer)).toBe('request.malformed');
  });
});

const seatFounderOnce = (name: string) => seatFounder(field.company, name);

/** What the PDP tells an enforcement point, as far as it is read here. */
interface Told {
  readonly decision?: boolean;
  readonly code?: string;
  readonly context?: {
    readonly evaluation_id: string;
    readonly access_request?: { readonly expires_at: string; readonly binding_token: string };
  };
  readonly task?: { readonly id: string };
  readonly result?: { readonly approval: object };
}

/** A refund as another enforcement point asks for it, its denial, and what it hands in for that. */
async function denialOf(pep: (path: string, json: object) => Promise<Told>, order: object) {
  const claims = JSON.parse(Buffer.from(grant.split('.')[1] ?? '', 'base64url').toString()) as {
    readonly sub: string;
    readonly sid: string;
    readonly grant_id: string;
  }; // our own token
  const body = { invoiceId, ...order };
  const { interactionId } = call;
  const [action, resource] = ['refund:initiate', { type: 'Account', id: accountNumber }];
  const content = canonicalJson({ action, resource, interactionId, body });
  const question = {
    subject: { type: 'Staff', id: claims.sub },
    action: { name: action },
    resource,
    context: {
      session_id: claims.sid,
      grant_id: claims.grant_id,
      amount_cents: 14_000,
      content_digest: await digestBase64url(content),
    },
  };
  const denied = await pep('/access/v1/evaluation', question);
  const { evaluation_id, access_request: request } = denied.context ?? {};
  const denial = { ...request, evaluation_id };
  const wanted = { interaction_id: interactionId, body };
  return { denied, question, submission: { ...question, denial, requested_access: wanted } };
}
