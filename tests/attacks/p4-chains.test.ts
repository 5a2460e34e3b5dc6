import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localFetch } from '../../demo/actors/local-fetch.ts';
import { selfSigned } from '../../demo/mtls-key.ts';
import { founders } from '../../demo/staff.ts';
import { inquire } from '../../demo/story/stage.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { exchangeAs, readAs, registerAssistant, type Assistant } from './assistants.ts';
import { callAs, enrolWithDevice, serviceCaller } from './callers.ts';
import {
  certifiedTerms,
  openAuthority,
  registerCertified,
  sendCertified,
  tokenByCertificate,
  type CertifiedProgram,
  type IssuingAuthority,
} from './certified-programs.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { invoiceOf, proveCall, type ProvedCall } from './proved-call.ts';

const [summaries, reader] = ['https://summaries.example', 'https://reader.example'];
const actions = ['account:read', 'invoice:read', 'refund:initiate'];

let field: Battlefield;
let authority: IssuingAuthority;
let agent: Colleague;
let admin: Colleague;
let call: ProvedCall;
let accountNumber: string;
let first: Assistant;
let second: Assistant;

beforeAll(async () => {
  authority = await openAuthority('CN=Northwind programs');
  field = await openCompany({
    mtlsAuthorities: authority.certificate,
    resourceOrigins: [summaries, reader, 'https://slow.example'],
  });
  const { company, stage } = field;
  agent = await seatFounder(company, 'Ana Ruiz');
  admin = await seatFounder(company, founders.security);
  accountNumber = company.accountNumbers[0] ?? '';
  const { phone } = await enrolWithDevice(company, accountNumber);
  call = await proveCall(stage, { agent, customer: phone, accountNumber });
  const audiences = [company.origins.gateway, reader];
  first = await registerAssistant(admin, {
    name: 'Case summaries',
    serves: [summaries],
    audiences,
    scopes: ['grant:issue', 'account:read', 'invoice:read'],
  });
  second = await registerAssistant(admin, {
    name: 'Invoice reader',
    serves: [reader],
    audiences,
    scopes: ['grant:issue', 'invoice:read', 'account:read'],
  });
});
afterAll(() => field.close());

async function calledAt(resource: string): Promise<string> {
  const { body } = await agent.console.exchange(call.caseId, actions, resource);
  return (body as { access_token: string }).access_token; // RFC 8693 §2.2.1
}

/** The agent calls one program, and that one the other. */
async function built() {
  const called = await calledAt(summaries);
  const { company } = field;
  const middle = await exchangeAs(company, first, { subjectToken: called, resource: reader });
  const { gateway } = company.origins;
  const token = await exchangeAs(company, second, { subjectToken: middle, resource: gateway });
  return { called, middle, token };
}
const read = (token: string, by = second, path = `${accountNumber}/invoices`) =>
  readAs(field.company, { accessToken: token, keys: by.keys, path });

/** A question to the PDP, as the enforcement point of the gateway puts it. */
async function evaluate(token: string, context: object, action = 'account:read') {
  const gateway = await serviceCaller(field.company, 'gateway');
  const { sub, sid, grant_id: grantId } = decodeJwt(token);
  const json = {
    subject: { type: 'Staff', id: sub },
    action: { name: action },
    resource: { type: 'Account', id: accountNumber },
    context: { session_id: sid, grant_id: grantId, ...context },
  };
  const { staff: origin } = field.company.origins;
  const path = '/access/v1/evaluation';
  return JSON.parse((await callAs(gateway, { origin, method: 'POST', path, json })).text) as {
    decision: boolean;
    context: { proofline: { evidenceId: string; decisionId: string; obligations: object } };
  }; // the contract's form
}

describe('P4: a chain of programs decides as one', () => {
  test('what all of them may read is read, and nobody is shown more than the least of them', async () => {
    const { token } = await built();
    const answer = await read(token);
    expect({ status: answer.status, rows: (answer.body as object[]).length > 0 }).toEqual({
      status: 200,
      rows: true,
    });
    const { body: whole } = await agent.console.gateway(
      await calledAt(field.company.origins.gateway),
      {
        method: 'GET',
        path: `/customers/${accountNumber}`,
      },
    );
    const { body: less } = await read(token, second, accountNumber);
    const members = (body: unknown) => Object.entries(body as Record<string, unknown>);
    const own = new Map(members(whole));
    expect(members(less).length).toBeGreaterThan(0);
    expect(members(less).length).toBeLessThan(own.size);
    for (const [name] of members(less)) expect(own.has(name)).toBe(true);
    // The name is the agent’s to see, and half of it the programs’.
    expect(own.get('name')).toBeDefined();
    expect(new Map(members(less)).get('name')).not.toBe(own.get('name'));
  });

  test('its evidence names everybody who acted, in the order in which they were called', async () => {
    const { token } = await built();
    const { context } = await evaluate(token, {});
    const auditor = await seatFounder(field.company, founders.auditor);
    const inquiryId = await inquire(auditor, 'who acted');
    const readEntry = (evidenceId: string) =>
      auditor.console.api('GET', `/api/evidence/${evidenceId}?inquiryId=${inquiryId}`);
    const { body } = await readEntry(context.proofline.evidenceId);
    expect(body).toMatchObject({
      entry: { facts: { programs: [first.serviceId, second.serviceId] } },
    });
    // Whatever else is said of who acts stands there as somebody, and by no name (P8).
    const said = 'maria.lopez@example.com';
    const own = await calledAt(field.company.origins.gateway);
    const strange = (await evaluate(own, { actors: [said] })).context.proofline.evidenceId;
    const { body: entry } = await readEntry(strange);
    expect(entry).toMatchObject({ entry: { facts: { programs: ['unknown'], effect: 'deny' } } });
    expect(JSON.stringify(entry)).not.toContain(said);
  });

  test('a program changes nothing, and is named as the reason', async () => {
    const { token } = await built();
    const own = await calledAt(field.company.origins.gateway);
    const invoiceId = await invoiceOf(agent, own, accountNumber);
    expect(decodeJwt(token)['authorization_details']).toMatchObject([
      { actions: ['account:read', 'invoice:read'] },
    ]);
    const refund = await readAs(field.company, {
      accessToken: token,
      keys: second.keys,
      path: `${accountNumber}/refunds`,
      method: 'POST',
      json: { invoiceId, amountCents: 100, reason: 'service-outage' },
    });
    expect(refund.status).toBe(403);
    const asked = await evaluate(token, {}, 'refund:initiate');
    expect(asked.decision).toBe(false);
    expect(JSON.stringify(asked)).toContain(`“${first.name}” acts for you.`);
  });

  test('a token of one link is worth nothing in the hands of another', async () => {
    const { called, middle, token } = await built();
    expect((await read(token, first)).problem?.code).toBe('token.proof-invalid');
    for (const other of [called, middle])
      expect((await read(other)).problem?.code).toBe('token.invalid');
  });

  test('nobody gets out of a chain, nor into one, by what an enforcement point is told', async () => {
    const { token } = await built();
    const own = await calledAt(field.company.origins.gateway);
    const acting = (...actors: string[]) => ({ actors });
    const [one, two] = [first.serviceId, second.serviceId];
    const plan = async (asked: ReturnType<typeof evaluate>) => (await asked).context.proofline;
    const chained = await plan(evaluate(token, acting(two, one)));
    // Left out, they are asked about all the same.
    expect((await plan(evaluate(token, {}))).obligations).toEqual(chained.obligations);
    expect((await plan(evaluate(own, {}))).obligations).not.toEqual(chained.obligations);
    const forged = [acting(one, two), acting(one), acting(two), acting('svc_nobody'), acting()];
    for (const context of forged)
      expect({ told: context, decision: (await evaluate(token, context)).decision }).toEqual({
        told: context,
        decision: false,
      });
    for (const context of [acting(one), acting('svc_nobody'), acting('app_nobody')])
      expect({ told: context, decision: (await evaluate(own, context)).decision }).toEqual({
        told: context,
        decision: false,
      });
    const claimed = { chain: { live: true, asIssued: true }, act: { sub: one } };
    expect((await evaluate(own, claimed)).decision).toBe(true);
    expect((await plan(evaluate(token, claimed))).obligations).toEqual(chained.obligations);
  });

  test('with any of its programs stopped it is over, and its answer is withheld', async () => {
    const { token } = await built();
    for (const { serviceId } of [first, second]) {
      const path = `/api/services/${serviceId}`;
      expect((await admin.console.api('POST', `${path}/suspend`)).status).toBe(200);
      expect((await read(token)).status).toBe(403);
      await admin.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
      expect((await admin.console.api('POST', `${path}/resume`)).status).toBe(200);
      expect((await read(token)).status).toBe(200);
    }
  });

  test('it is over with what was taken from any of its programs, and not only with all of it', async () => {
    const { token } = await built();
    const change = async ({ serviceId }: Assistant, path: string, body: object) => {
      await admin.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
      const changed = await admin.console.api('POST', `/api/services/${serviceId}/${path}`, body);
      expect(changed.status).toBe(200);
    };
    const { gateway } = field.company.origins;
    const scopes = ['grant:issue', 'account:read', 'invoice:read'];
    for (const [program, path, taken, whole] of [
      [second, 'terms', { audiences: [reader] }, { audiences: [gateway, reader] }],
      [first, 'terms', { serves: [] }, { serves: [summaries] }],
      [first, 'narrow', { without: ['grant:issue'] }, { scopes }],
    ] as const) {
      await change(program, path, taken);
      expect({ taken, status: (await read(token)).status }).toEqual({ taken, status: 403 });
      await change(program, 'terms', whole);
      expect((await read(token)).status).toBe(200);
    }
  });

  test('none of its programs does more in a minute than its rate, whoever it does it for', async () => {
    const origin = 'https://slow.example';
    const slow = await registerAssistant(admin, {
      name: 'Slow reader',
      serves: [origin],
      audiences: [field.company.origins.gateway],
      scopes: ['grant:issue', 'invoice:read'],
      ratePerMinute: 2,
    });
    const { gateway } = field.company.origins;
    const got = async () => {
      const subjectToken = await calledAt(origin);
      return exchangeAs(field.company, slow, { subjectToken, resource: gateway });
    };
    const token = await got();
    const statuses: number[] = [];
    // Two minutes may have their share, where one ends meanwhile.
    for (let asked = 0; asked < 8; asked += 1) statuses.push((await read(token, slow)).status);
    expect(statuses).toContain(200);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(3);
    expect(statuses).toContain(403);
  });

  test('it is over with the session', async () => {
    const { called, token } = await built();
    expect((await read(token)).status).toBe(200);
    await admin.console.signIn({ maxAgeSeconds: 0 });
    const { sid } = decodeJwt(token);
    const ended = await admin.console.api('POST', `/api/sessions/${String(sid)}/end`);
    expect(ended.status).toBe(204);
    expect((await read(token)).status).toBeGreaterThanOrEqual(401);
    const again = exchangeAs(field.company, first, { subjectToken: called, resource: reader });
    await expect(again).rejects.toThrow(/400/);
  });
});

describe('P2: a program that proves itself by the certificate of its connection', () => {
  let program: CertifiedProgram;
  let token: string;
  const invite = (own: CertifiedProgram['own'] | undefined, more: Record<string, string> = {}) =>
    sendCertified(field.company, {
      own,
      path: '/api/enrolments',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more },
      body: JSON.stringify({ accountNumber: field.company.accountNumbers[3] }),
    });
  const codeIn = ({ text }: { readonly text: string }) =>
    (JSON.parse(text) as { code: string }).code;

  beforeAll(async () => {
    program = await registerCertified(admin);
    const { access_token: got } = await tokenByCertificate(field.company, program, program.own);
    token = got ?? '';
  });

  test('is let in by it, with a token that is bound to it', async () => {
    expect(decodeJwt(token)).toMatchObject({
      sub: program.serviceId,
      cnf: { 'x5t#S256': program.kid },
      service_kid: program.kid,
    });
    expect((await invite(program.own)).status).toBe(202);
  });

  test('has no token without it: another, none, one of the same name, or an assertion', async () => {
    const twin = await selfSigned('till.example');
    for (const own of [twin, undefined]) {
      const refused = await tokenByCertificate(field.company, program, own);
      expect(refused).toMatchObject({ status: 401, error: 'invalid_client' });
      expect(codeIn(await invite(own))).toMatch(/^token\.(invalid|proof-invalid)$/);
    }
    const pem = encodeURIComponent(program.own.certificate);
    const forged = await invite(twin, { 'client-cert': pem, 'x-client-cert': pem });
    expect(codeIn(forged)).toBe('token.proof-invalid');
    const dpop = await invite(twin, { dpop: 'a.b.c' });
    expect(dpop.status).toBe(401);
  });

  test('is nobody where no certificate is looked at, and its door opens nothing of people’s', async () => {
    const { staff } = field.company.origins;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await localFetch(`${staff}/api/enrolments`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ accountNumber: field.company.accountNumbers[3] }),
    });
    expect(answer.status).toBe(401);
    for (const path of ['/api/self', '/api/people', '/', '/scim/v2/Users', '/console'])
      expect(
        codeIn(await sendCertified(field.company, { own: program.own, path, method: 'GET' })),
      ).toBe('route.unknown');
    // Who acts for others goes on to the gateway, which has no such door.
    const terms = await certifiedTerms(admin, { certificate: program.own.certificate });
    const acting = { role: 'assistant', scopes: ['grant:issue'], serves: [summaries] };
    const post = (body: object) =>
      admin.console.api('POST', '/api/services/registration', { ...terms, ...body });
    expect(await post(acting)).toMatchObject({ body: { code: 'service.terms' } });
    expect(await post({})).toMatchObject({ body: { code: 'service.key-taken' } });
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { key: { jwk: await exportJWK(publicKey) } };
    expect(await post(jwk)).toMatchObject({ body: { code: 'service.key-invalid' } });
  });

  test('of one whose names an authority vouches for, any of its certificates is, and nobody else’s', async () => {
    const own = await authority.issue('CN=kiosk, O=Northwind');
    const named = await registerCertified(admin, own);
    const inviteAs = (by: CertifiedProgram['own'], with_: string, more = {}) =>
      sendCertified(field.company, {
        own: by,
        path: '/api/enrolments',
        headers: { authorization: `Bearer ${with_}`, 'content-type': 'application/json', ...more },
        body: JSON.stringify({ accountNumber: field.company.accountNumbers[3] }),
      });
    const next = await authority.issue('CN=kiosk, O=Northwind');
    for (const one of [own, next]) {
      const { access_token: got = '' } = await tokenByCertificate(field.company, named, one);
      expect(decodeJwt(got)).toMatchObject({ sub: named.serviceId, service_kid: named.kid });
      expect((await inviteAs(one, got)).status).toBe(202);
      // Of the same names, and yet of another connection.
      const other = one === own ? next : own;
      expect(codeIn(await inviteAs(other, got))).toBe('token.proof-invalid');
    }
    const twin = await openAuthority('CN=Northwind programs');
    const elsewhere = await openAuthority('CN=Elsewhere');
    const strangers = [
      await authority.issue('CN=till, O=Northwind'),
      await authority.issue('O=Northwind, CN=kiosk'),
      await authority.issue('CN=kiosk, O=Northwind', '2026-02-01'),
      await twin.issue('CN=kiosk, O=Northwind'),
      await elsewhere.issue('CN=kiosk, O=Northwind'),
      await selfSigned('kiosk'),
      program.own,
      undefined,
    ];
    for (const one of strangers)
      expect(await tokenByCertificate(field.company, named, one)).toMatchObject({
        status: 401,
        error: 'invalid_client',
      });
    // Nor does it prove one that has registered a certificate of its own.
    expect(await tokenByCertificate(field.company, program, own)).toMatchObject({ status: 401 });
    const { access_token: last = '' } = await tokenByCertificate(field.company, named, own);
    await admin.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
    const path = `/api/services/${named.serviceId}/keys/${named.kid}/retire`;
    expect((await admin.console.api('POST', path)).status).toBe(200);
    expect(codeIn(await inviteAs(own, last))).toBe('token.invalid');
    expect(await tokenByCertificate(field.company, named, next)).toMatchObject({ status: 401 });
  });

  test('ends with its certificate', async () => {
    await admin.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
    const path = `/api/services/${program.serviceId}/keys/${program.kid}/retire`;
    expect((await admin.console.api('POST', path)).status).toBe(200);
    expect(codeIn(await invite(program.own))).toBe('token.invalid');
    const again = await tokenByCertificate(field.company, program, program.own);
    expect(again).toMatchObject({ status: 401, error: 'invalid_client' });
  });
});
