import { Approval, OwnAuthenticators } from '@proofline/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole } from '../../demo/actors/console-session.ts';
import { createDevice } from '../../demo/actors/device.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf, expectAnswer, ring, selfOf } from '../../demo/story/stage.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { authorize } from './authorization.ts';
import { callAs, enrolWithDevice, type CustomerAtHome } from './callers.ts';
import { openStream } from './live-stream.ts';
import { addSecond, changeOwn } from './own-passkeys.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import {
  grantError,
  grantOn,
  invoiceOf,
  proveCall,
  refund,
  type ProvedCall,
} from './proved-call.ts';

const DEADLINE_MS = 2_000;

let field: Battlefield;
let admin: Colleague;
let agent: Colleague;
let supervisor: Colleague;
let next = 0;

beforeAll(async () => {
  field = await openCompany();
  admin = await seatFounder(field.company, 'Ravi Menon');
  agent = await seatFounder(field.company, 'Ana Ruiz');
  supervisor = await seatFounder(field.company, 'Sol Marchetti');
});
afterAll(() => field.close());

interface OpenCall extends ProvedCall {
  readonly grant: string;
  readonly accountNumber: string;
  readonly customer: CustomerAtHome;
}

async function openCall(): Promise<OpenCall> {
  next += 1;
  const accountNumber = field.company.accountNumbers[next] ?? '';
  const customer = await enrolWithDevice(field.company, accountNumber);
  const who = { agent, customer: customer.phone, accountNumber };
  const call = await proveCall(field.stage, who);
  const grant = await grantOn(agent, call.caseId);
  const open = { ...call, grant, accountNumber, customer };
  expect((await read(open)).status).toBe(200);
  return open;
}

const read = ({ grant, accountNumber }: OpenCall) =>
  agent.console.gateway(grant, { method: 'GET', path: `/customers/${accountNumber}` });

/** The console’s renewal in the agent’s own browser, by its own key. */
const silently = () =>
  authorize({ device: agent.device, key: agent.console.key }, field.company.origins.staff, {
    prompt: 'none',
  });

/** Asks again and again until it is refused; answers with what, and that it was in time. */
async function untilRefused(ask: () => Promise<{ status: number }>): Promise<number> {
  const watch = startStopwatch();
  for (;;) {
    const { status } = await ask();
    if (status >= 400) return status;
    if (watch.tookMs() > DEADLINE_MS) throw new Error('still open after two seconds');
  }
}

/** Fails unless it looks so soon enough. */
async function expectInTime(look: () => unknown, wanted: unknown, maxMs = DEADLINE_MS) {
  const watch = startStopwatch();
  await expect.poll(look).toEqual(wanted);
  expect(watch.tookMs()).toBeLessThan(maxMs);
}

/** Opens the event stream; resolves with how long after `cut` it went on. */
async function streamUntilCut(colleague: Colleague, cut: () => Promise<unknown>): Promise<number> {
  const stream = await openStream(field.company, colleague);
  await cut();
  const watch = startStopwatch();
  await stream.ended;
  expect(stream.heard.at(-1)?.event).toBe('session.ended');
  return watch.tookMs();
}

describe('P6: what has ended is over everywhere, within two seconds', () => {
  test('the end of a call ends its grants at the gateway and its case at the token endpoint', async () => {
    const open = await openCall();
    await agent.console.api('POST', `/api/interactions/${open.interactionId}/end`);
    expect(await untilRefused(() => read(open))).toBe(401);
    expect(grantError(await agent.console.exchange(open.caseId, ['account:read']))).toBe(
      'access_denied',
    );
  });

  test('the telephone system’s hang-up does the same', async () => {
    const open = await openCall();
    const telephony = await field.company.service('telephony');
    await telephony.call('POST', `/api/interactions/${open.interactionId}/hang-up`);
    expect(await untilRefused(() => read(open))).toBe(401);
    expect(codeOf(await read(open))).toBe('grant.ended');
  });

  test('a removed passkey takes its session, its stream and its token along, and no other', async () => {
    const clara = await seatFounder(field.company, 'Clara Weiss');
    const elsewhere = await addSecond(field.company, clara);
    const own = await clara.console.api('GET', '/api/self/passkeys');
    const { authenticators } = OwnAuthenticators.parse(own.body);
    const second = authenticators.find(({ label }) => label === 'Second');
    const act = { kind: 'remove', authenticatorId: second!.authenticatorId } as const;
    const wentOnMs = await streamUntilCut(elsewhere, async () => {
      const removed = await changeOwn(field.company, clara, { act });
      expect(removed.status).toBe(200);
    });
    expect(wentOnMs).toBeLessThan(DEADLINE_MS);
    expect(await untilRefused(() => elsewhere.console.api('GET', '/api/self'))).toBe(401);
    await expect(elsewhere.console.signIn()).rejects.toThrow('sign-in assertion');
    expect((await clara.console.api('GET', '/api/self')).status).toBe(200);
  });

  test('an ended call is not revived: no second end, no request, no approval on it', async () => {
    const open = await openCall();
    const path = `/api/interactions/${open.interactionId}`;
    await agent.console.api('POST', `${path}/end`);
    const { accountNumber } = open;
    const asked = { accountNumber, purpose: 'billing' };
    for (const [verb, json] of [
      ['proof-requests', asked],
      ['call-codes', { code: 'ABCD23', purpose: 'billing' }],
      ['end', undefined],
    ] as const) {
      const answer = await agent.console.api('POST', `${path}/${verb}`, json);
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  });

  test('a session that an administrator ends is dead at the API, the token endpoint, the gateway and in its stream', async () => {
    const open = await openCall();
    const { sessionId } = await selfOf(agent);
    const stolen = agent.console.accessToken;
    await admin.console.signIn({ maxAgeSeconds: 0 });
    const tookMs = await streamUntilCut(agent, async () => {
      const ended = await admin.console.api('POST', `/api/sessions/${sessionId}/end`);
      expect(ended.status).toBe(204);
    });
    expect(tookMs).toBeLessThan(DEADLINE_MS);
    expect(codeOf(await agent.console.api('GET', '/api/self'))).toBe('session.ended');
    expect(await untilRefused(() => read(open))).toBeGreaterThanOrEqual(401);
    expect(grantError(await agent.console.exchange(open.caseId, ['account:read']))).toBe(
      'invalid_grant',
    );
    const silent = await silently();
    expect(silent.headers.get('location')).toContain('error=login_required');
    await agent.console.signIn();
    expect(agent.console.accessToken).not.toBe(stolen);
    const old = { name: 'thief', device: createDevice() };
    const credentials = async () => ({ accessToken: stolen, key: agent.console.key });
    const aim = { origin: field.company.origins.staff, method: 'GET', path: '/api/self' };
    const answer = await callAs({ ...old, credentials }, aim);
    expect(answer.text).toContain('session.ended');
    // The new session does not bring the old one's grants back.
    expect((await read(open)).status).toBeGreaterThanOrEqual(401);
  });

  test('a sign-out ends the stream, the token, the grants and the issuer’s own session', async () => {
    const open = await openCall();
    const tookMs = await streamUntilCut(agent, async () => {
      const left = await agent.console.api('POST', '/api/self/sign-out');
      expect(left.status).toBe(204);
    });
    expect(tookMs).toBeLessThan(DEADLINE_MS);
    expect(codeOf(await agent.console.api('GET', '/api/interactions'))).toBe('session.ended');
    expect(await untilRefused(() => read(open))).toBeGreaterThanOrEqual(401);
    const silent = await silently();
    expect(silent.headers.get('location')).toContain('error=login_required');
    expect(silent.headers.get('location')).not.toContain('code=');
    await agent.console.signIn();
  });

  test('an authorization code is worth nothing once the session has ended', async () => {
    const device = createDevice();
    const { staff } = field.company.origins;
    for (const [name, value] of agent.device.cookiesOf(new URL(staff).host))
      device.plantCookie(new URL(staff).host, name, value);
    // The cookies alone get none.
    const bare = await authorize({ device }, staff, { prompt: 'none' });
    expect(bare.headers.get('location')).toContain('error=login_required');
    const hop = await authorize({ device, key: agent.console.key }, staff);
    const code = /[?&]code=([^&]+)/.exec(hop.headers.get('location') ?? '')?.[1] ?? '';
    expect(code).not.toBe('');
    await agent.console.api('POST', '/api/self/sign-out');
    const url = `${staff}/oidc/token`;
    const redeemed = await device.ask(url, {
      method: 'POST',
      origin: staff,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        dpop: await agent.console.key.prove({ method: 'POST', url }),
      },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'console',
        code,
        redirect_uri: `${staff}/callback.html`,
        code_verifier: 'v'.repeat(43),
      }).toString(),
    });
    expect(grantError(redeemed)).toBe('invalid_grant');
    await agent.console.signIn();
  });

  test('a customer’s sign-out ends their session: the cookie that was kept opens nothing', async () => {
    const { customer } = await openCall();
    await customer.phone.signIn();
    const { customers } = field.company.origins;
    const host = new URL(customers).host;
    const kept = customer.device.cookiesOf(host).get('__Host-customer') ?? '';
    const url = `${customers}/api/customer/sign-out`;
    const left = await customer.device.ask(url, { method: 'POST', origin: customers });
    expect(left.status).toBe(204);
    const thief = createDevice();
    thief.plantCookie(host, '__Host-customer', kept);
    expect(codeOf(await thief.ask(`${customers}/api/customer/self`))).toBe('session.ended');
  });

  test('an approval ends with the approver’s session when that is taken away, not when they sign out', async () => {
    const { interactionId, grant, accountNumber } = await openCall();
    const invoiceId = await invoiceOf(agent, grant, accountNumber);
    const approve = async (amountCents: number) => {
      const body = { invoiceId, amountCents, reason: 'billing-error' };
      const resource = { type: 'Account', id: accountNumber };
      const wanted = { interactionId, action: 'refund:initiate', resource, body };
      const asked = await agent.console.api('POST', '/api/approvals', wanted);
      const { approvalId } = expectAnswer(asked, { status: 201, step: 'ask', form: Approval });
      await supervisor.console.signIn({ maxAgeSeconds: 0 });
      const path = `/api/approvals/${approvalId}/decision`;
      const verdict = { verdict: 'approve', reasonCode: 'billing-error' };
      expect((await supervisor.console.api('POST', path, verdict)).status).toBe(200);
      return { accountNumber, ...body };
    };
    const revoked = await approve(10_001);
    const { sessionId } = await selfOf(supervisor);
    await admin.console.signIn({ maxAgeSeconds: 0 });
    const stream = await openStream(field.company, agent);
    const ended = await admin.console.api('POST', `/api/sessions/${sessionId}/end`);
    expect(ended.status).toBe(204);
    await expectInTime(() => stream.heard.map(({ event }) => event), ['approval.changed']);
    stream.close();
    await agent.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
    expect(codeOf(await refund(agent, grant, revoked))).toBe('access.denied');
    const listed = await agent.console.api('GET', '/api/approvals?state=revoked');
    expect(JSON.stringify(listed.body)).toContain(revoked.invoiceId);

    await supervisor.console.signIn();
    const left = await approve(10_002);
    expect((await supervisor.console.api('POST', '/api/self/sign-out')).status).toBe(204);
    await agent.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
    expect((await refund(agent, grant, left)).status).toBeLessThan(300);
  });

  test('a locked session does nothing anywhere, and goes on at its own subject’s touch alone', async () => {
    const open = await openCall();
    const { sessionId, subjectId } = await selfOf(agent);
    const stream = await openStream(field.company, agent);
    const locked = await agent.console.api('POST', '/api/self/lock', { because: 'by-hand' });
    expect(locked.status).toBe(204);
    const names = () => stream.heard.map(({ event }) => event);
    await expectInTime(names, expect.arrayContaining(['session.locked']));
    const heard = names().length;
    for (const [method, path, json] of [
      ['GET', '/api/self'],
      ['GET', '/api/interactions'],
      ['GET', '/api/self/events'],
      ['POST', `/api/interactions/${open.interactionId}/end`],
      ['POST', '/api/self/sign-out'],
      ['POST', '/api/self/lock', { because: 'idle' }],
    ] as const) {
      const answer = await agent.console.api(method, path, json);
      expect(codeOf(answer)).toBe('session.locked');
      expect(answer.headers.get('www-authenticate')).toContain('insufficient_user_authentication');
    }
    expect(await untilRefused(() => read(open))).toBeGreaterThanOrEqual(401);
    expect(grantError(await agent.console.exchange(open.caseId, ['account:read']))).toBe(
      'invalid_grant',
    );
    // The browser with everything that it keeps, without the passkey, and with somebody else’s.
    const ownConsole = { device: agent.device, key: agent.console.key };
    const { staff } = field.company.origins;
    for (const wish of [{}, { acr_values: 'phr' }, { max_age: '36000' }]) {
      const silent = await authorize(ownConsole, staff, { ...wish, prompt: 'none' });
      expect(silent.headers.get('location')).toContain('error=login_required');
    }
    const touch = { acr: 'phr', maxAgeSeconds: 0 };
    const intruder = await openConsole({
      staffOrigin: staff,
      gatewayOrigin: field.company.origins.gateway,
      device: agent.device,
      passkeys: supervisor.passkeys,
    });
    await expect(intruder.signIn(touch)).rejects.toThrow('no credential fits');
    expect(codeOf(await agent.console.api('GET', '/api/self'))).toBe('session.locked');
    const telephony = await field.company.service('telephony');
    const externalId = crypto.randomUUID();
    const ringing = { externalId, channel: 'call', agentId: subjectId };
    expect((await telephony.call('POST', '/api/interactions', ringing)).status).toBe(201);
    await stream.quiet();
    expect(names()).toHaveLength(heard);

    await agent.console.signIn(touch);
    expect((await selfOf(agent)).sessionId).toBe(sessionId);
    await expectInTime(names, expect.arrayContaining(['session.unlocked']));
    // The call went on, and its grant is worth something again.
    expect((await read(open)).status).toBe(200);
    stream.close();
  });

  test('a locked session ends as any other: at once', async () => {
    const { sessionId } = await selfOf(agent);
    await admin.console.signIn({ maxAgeSeconds: 0 });
    const tookMs = await streamUntilCut(agent, async () => {
      await agent.console.api('POST', '/api/self/lock', { because: 'idle' });
      const ended = await admin.console.api('POST', `/api/sessions/${sessionId}/end`);
      expect(ended.status).toBe(204);
    });
    expect(tookMs).toBeLessThan(DEADLINE_MS);
    expect(codeOf(await agent.console.api('GET', '/api/self'))).toBe('session.ended');
    await agent.console.signIn();
  });

  test('a colleague who may not end sessions ends none', async () => {
    const { sessionId } = await selfOf(admin);
    const answer = await agent.console.api('POST', `/api/sessions/${sessionId}/end`);
    expect(codeOf(answer)).toBe('access.denied');
    await selfOf(admin);
    await ring(field.stage, agent);
  });

  // The last: all who are seated here hold keys of this one model.
  test('a model of key that turns out to be weak, and then to be broken', async () => {
    const { metadata } = field.company;
    await agent.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
    const certified = { status: 'FIDO_CERTIFIED_L2' };
    metadata.publish([certified, { status: 'ATTESTATION_KEY_COMPROMISE' }]);
    const level = async () => Object.keys((await selfOf(agent)).assurance);
    // A second until it is seen, and a second to take it away.
    await expectInTime(level, ['phr'], DEADLINE_MS + 1_000);
    await expect(agent.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 })).rejects.toThrow(
      'sign-in',
    );

    // Told, and in their own history.
    const own = await agent.console.api('GET', '/api/self/passkeys');
    expect(JSON.stringify(own.body)).toContain('level-changed');

    metadata.publish([certified, { status: 'USER_KEY_REMOTE_COMPROMISE' }]);
    // What was being decided as the session ended is denied; the next request has no session.
    const ask = () => agent.console.api('GET', '/api/self');
    expect([401, 403]).toContain(await untilRefused(ask));
    expect((await ask()).status).toBe(401);
    await expect(agent.console.signIn()).rejects.toThrow('sign-in');
  });
});
