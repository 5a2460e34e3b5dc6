import { disconnectDirectory, readProvisioning, renewProvisioningToken } from '@proofline/protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf, expectAnswer, selfOf } from '../../demo/story/stage.ts';
import { openStream } from '../attacks/live-stream.ts';
import { openCompany, type Battlefield } from '../attacks/open-company.ts';
import { send } from '../attacks/send.ts';
import { corpus } from './scim-corpus.ts';
import { enterprise, type ScimRequest } from './scim-request.ts';
import { askWith, connect, type Directory } from './scim-directory.ts';

/** What the issue asks for: a departure ends every session within this time. */
const LEFT_MAX_MS = 5_000;

let field: Battlefield;
let admin: Colleague;
let directory: Directory;

beforeAll(async () => {
  field = await openCompany();
  admin = await seatFounder(field.company, 'Ravi Menon');
  directory = await connect(field.company, admin);
});
afterAll(() => field.close());

const ids = new Map<string, string>();
const named = (text: string) =>
  text.replaceAll(/\{(\w+)\}/g, (all, name: string) => ids.get(name) ?? all);
/** The same with the ids of the run. */
const withIds = <T>(value: T): T => JSON.parse(named(JSON.stringify(value))) as T; // the same shape

async function play(request: ScimRequest) {
  const { body, headers, method, path } = request;
  const json = body === undefined || typeof body === 'string' ? body : withIds(body);
  const answer = await directory.ask(method, named(path), {
    json,
    ...(headers && { headers }),
  });
  if (request.keep !== undefined) ids.set(request.keep, String(answer.json['id']));
  return answer;
}

describe('SCIM 2.0 as Entra and Okta send it', () => {
  test('is at least eighty requests', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(80);
    expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
  });

  test.each(corpus)('$name', async (request) => {
    const answer = await play(request);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: request.status });
    if (request.answer) expect(answer.json).toMatchObject(withIds(request.answer));
  });
});

const person = (employeeNumber: string, more: object = {}) => ({
  userName: `${employeeNumber}@example.com`,
  displayName: `Person ${employeeNumber}`,
  ...more,
  [enterprise]: { employeeNumber, department: 'Head office' },
});
const leave = { Operations: [{ op: 'Replace', path: 'active', value: 'False' }] };
const comeBack = { Operations: [{ op: 'Replace', path: 'active', value: 'True' }] };

/** A founder, linked by the employee number that the company gave them. */
async function linked(name: string, seated?: Colleague) {
  const colleague = seated ?? (await seatFounder(field.company, name));
  const { subjectId, desk } = await selfOf(colleague);
  const { rows } = await sql<{ employee_number: string }>`
    select employee_number from workforce_staff where subject_id = ${subjectId}`.execute(
    field.company.server.composition.storage.db,
  );
  const employeeNumber = rows[0]?.employee_number ?? '';
  const body = { ...person(employeeNumber), displayName: name };
  body[enterprise] = { employeeNumber, department: desk };
  const made = await directory.ask('POST', '/Users', { json: body });
  expect({ status: made.status, text: made.text }).toMatchObject({ status: 201 });
  expect(made.json['id']).toBe(subjectId);
  return { colleague, subjectId, path: `/Users/${subjectId}`, employeeNumber };
}

describe('SCIM 2.0 here: what a directory says', () => {
  test('brings in somebody known and without an account, whom HR invites as anybody else', async () => {
    const made = await directory.ask('POST', '/Users', { json: person('DX-20') });
    const { workforce } = field.company.server.composition;
    const known = await workforce.findColleague(made.json['id'] as never); // an id of ours
    expect(known).toMatchObject({ active: false, roles: [], displayName: 'Person DX-20' });
    const hr = await seatFounder(field.company, 'Ines Okafor');
    const wanted = { displayName: 'Person DX-20', desk: 'Head office', employeeNumber: 'DX-20' };
    const invited = await hr.console.api('POST', '/api/onboarding/invitations', wanted);
    expect(invited.status).toBe(201);
    // Whoever has left meanwhile cannot go on with the link.
    await directory.ask('PATCH', `/Users/${String(made.json['id'])}`, { json: leave });
    expect(codeOf(await hr.console.api('POST', '/api/onboarding/invitations', wanted))).toBe(
      'onboarding.not-new',
    );
  });

  test('ends every session of somebody who left within five seconds, and keeps their authenticators', async () => {
    const { colleague, path, subjectId } = await linked('Ana Ruiz');
    const authenticators = () =>
      sql`select authenticator_id, public_key, counter from workforce_authenticators
        where subject_id = ${subjectId}`.execute(field.company.server.composition.storage.db);
    const before = (await authenticators()).rows;
    const stream = await openStream(field.company, colleague);
    const from = Date.now();
    expect((await directory.ask('PATCH', path, { json: leave })).status).toBe(200);
    expect(codeOf(await colleague.console.api('GET', '/api/self'))).toBe('session.ended');
    await stream.ended;
    expect(Date.now() - from).toBeLessThan(LEFT_MAX_MS);
    // An open screen was told why.
    expect(stream.heard.map(({ event }) => event)).toContain('session.ended');
    expect((await authenticators()).rows).toEqual(before);
    expect(codeOf(await colleague.console.api('GET', '/api/self'))).toBe('session.ended');
    // Back in a role that a directory may give: with the authenticators that they had, and no session.
    expect((await directory.ask('PATCH', path, { json: comeBack })).json).toMatchObject({
      active: true,
    });
    expect(codeOf(await colleague.console.api('GET', '/api/self'))).toBe('session.ended');
    expect((await authenticators()).rows).toEqual(before);
  });

  test('neither moves nor takes back somebody in a role that people give', async () => {
    const { path, employeeNumber } = await linked('Sol Marchetti');
    const move = { op: 'replace', path: `${enterprise}:department`, value: 'Elsewhere' };
    const moved = await directory.ask('PATCH', path, { json: { Operations: [move] } });
    expect(moved.json).toMatchObject({ status: '403', code: 'scim.not-yours' });
    expect((await directory.ask('PATCH', path, { json: leave })).json).toMatchObject({
      active: false,
    });
    expect((await directory.ask('PATCH', path, { json: comeBack })).json).toMatchObject({
      status: '403',
    });
    expect((await directory.ask('DELETE', path)).status).toBe(204);
    const anew = await directory.ask('POST', '/Users', { json: person(employeeNumber) });
    expect(anew.json).toMatchObject({ code: 'scim.not-yours' });
  });

  test('gives the role that a group stands for, and takes it away; none that people give', async () => {
    const { colleague, path, subjectId } = await linked('Clara Weiss');
    const make = (displayName: string) =>
      directory.ask('POST', '/Groups', {
        json: { displayName, members: [{ value: subjectId }] },
      });
    const rolesNow = async () => (await selfOf(colleague)).roles;
    expect(await rolesNow()).toEqual(['support-agent']);
    const billing = await make('Contact center billing');
    expect(await rolesNow()).toEqual(['billing-agent']);
    expect((await make('Contact center leads')).status).toBe(201);
    expect(await rolesNow()).toEqual(['billing-agent']);
    expect((await directory.ask('GET', path)).json).toMatchObject({
      groups: [{ display: 'Contact center billing' }, { display: 'Contact center leads' }],
    });
    await directory.ask('DELETE', `/Groups/${String(billing.json['id'])}`);
    expect(await rolesNow()).toEqual([]);
    const group = await make('Contact center support');
    expect(await rolesNow()).toEqual(['support-agent']);
    // Whoever is removed loses what a group gave them.
    await directory.ask('DELETE', path);
    const { rows } = await sql`select role_withdrawn_at is not null as gone from workforce_staff
      where subject_id = ${subjectId}`.execute(field.company.server.composition.storage.db);
    expect(rows).toEqual([{ gone: true }]);
    const left = await directory.ask('GET', `/Groups/${String(group.json['id'])}`);
    expect(left.json).toMatchObject({ members: [] });
  });

  test('cannot make the last security administrator leave', async () => {
    const { path } = await linked('Hana Sato');
    expect((await directory.ask('PATCH', path, { json: leave })).status).toBe(200);
    const last = await linked('Ravi Menon', admin);
    const answer = await directory.ask('DELETE', last.path);
    expect(answer.json).toMatchObject({ status: '403', code: 'scim.not-yours' });
    expect((await admin.console.api('GET', '/api/self')).status).toBe(200);
  });

  test('is in the evidence, with the connection as the actor, and on the security console', async () => {
    const { db } = field.company.server.composition.storage;
    const { rows } = await sql<{ kind: string }>`
      select distinct kind from scim_events order by kind`.execute(db);
    expect(rows.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        'group.changed',
        'group.provisioned',
        'group.removed',
        'person.changed',
        'person.left',
        'person.provisioned',
        'person.returned',
        'provisioning.refused',
      ]),
    );
    const page = expectAnswer(await admin.console.api('GET', '/api/provisioning'), {
      status: 200,
      step: 'read provisioning',
      form: readProvisioning.reply,
    });
    expect(page.connections).toMatchObject([
      { name: 'Directory', hasOwnKey: true, tokens: [] },
      { name: 'Entra', state: 'standing' },
    ]);
    expect(page.connections[1]?.lastUsedAt).toBeDefined();
    expect(page.events.some(({ refused }) => refused?.code === 'scim.not-yours')).toBe(true);
    expect(JSON.stringify(page)).not.toContain(directory.token);
  });
});

describe('SCIM 2.0 here: versions', () => {
  test('whoever has the newest version is sent no body, and who has an older one changes nothing', async () => {
    const made = await directory.ask('POST', '/Users', { json: person('DX-30') });
    const path = `/Users/${String(made.json['id'])}`;
    expect(made.headers).toMatchObject({ etag: 'W/"1"', 'content-type': 'application/scim+json' });
    expect(made.headers.location).toBe(`${field.company.origins.staff}/scim/v2${path}`);
    const again = await directory.ask('GET', path, { headers: { 'if-none-match': 'W/"1"' } });
    expect(again).toMatchObject({ status: 304, text: '' });
    const title = { Operations: [{ op: 'add', path: 'title', value: 'Agent' }] };
    const changed = await directory.ask('PATCH', path, {
      json: title,
      headers: { 'if-match': 'W/"1"' },
    });
    expect(changed.headers.etag).toBe('W/"2"');
    expect((await directory.ask('PATCH', path, { json: title })).headers.etag).toBe('W/"2"');
    const late = await directory.ask('DELETE', path, { headers: { 'if-match': 'W/"1"' } });
    expect(late.json).toMatchObject({ status: '412' });
  });
});

describe('P2 and P6: a directory’s token', () => {
  const raw = (path: string, token: string) =>
    send({
      origin: field.company.origins.staff,
      path,
      headers: { authorization: `Bearer ${token}` },
    });

  test('is worth nothing outside of SCIM', async () => {
    for (const path of ['/api/people', '/api/provisioning', '/api/self', '/api/policies']) {
      expect((await raw(path, directory.token)).status).toBe(401);
    }
    const exchanged = await raw('/oidc/me', directory.token);
    expect(exchanged.status).toBeGreaterThanOrEqual(400);
  });

  test('that nobody made opens nothing, in SCIM’s own words', async () => {
    const ask = askWith(field.company.origins.staff, `plscim_${'A'.repeat(43)}`);
    const answer = await ask('GET', '/Users');
    expect(answer.json).toMatchObject({ status: '401', code: 'token.invalid' });
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    expect((await raw('/scim/v2/Users', 'x')).status).toBe(401);
    const none = await send({ origin: field.company.origins.staff, path: '/scim/v2/Users' });
    expect(none.status).toBe(401);
  });

  test('goes on for a while when another is made, and ends with its connection at once', async () => {
    const second = await connect(field.company, admin, 'Okta');
    const path = `/api/provisioning/connections/${second.serviceId}`;
    const renewed = expectAnswer(await admin.console.api('POST', `${path}/tokens`, { days: 30 }), {
      status: 201,
      step: 'renew',
      form: renewProvisioningToken.reply,
    });
    expect(renewed.connection.tokens).toHaveLength(2);
    const [, before] = renewed.connection.tokens;
    const dayMs = 24 * 60 * 60 * 1000;
    expect(Date.parse(before?.expiresAt ?? '')).toBeLessThanOrEqual(Date.now() + dayMs);
    const newer = askWith(field.company.origins.staff, renewed.provisioningToken);
    for (const ask of [second.ask, newer]) expect((await ask('GET', '/Users')).status).toBe(200);
    expectAnswer(await admin.console.api('POST', `${path}/end`), {
      status: 200,
      step: 'end',
      form: disconnectDirectory.reply,
    });
    for (const ask of [second.ask, newer]) {
      expect((await ask('GET', '/Users')).json).toMatchObject({ code: 'token.invalid' });
    }
    expect(codeOf(await admin.console.api('POST', `${path}/tokens`, { days: 30 }))).toBe(
      'provisioning.unknown',
    );
  });

  test('is kept as a digest only, and for ninety days at most', async () => {
    const { db } = field.company.server.composition.storage;
    const { rows } = await sql`select * from scim_tokens`.execute(db);
    expect(JSON.stringify(rows)).not.toContain(directory.token.slice(7));
    const body = { name: 'Too long', days: 91 };
    const asked = await admin.console.api('POST', '/api/provisioning/connections', body);
    expect(codeOf(asked)).toBe('request.malformed');
  });
});
