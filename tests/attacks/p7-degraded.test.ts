import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf } from '../../demo/story/stage.ts';
import { asOwner } from '../harness/as-owner.ts';
import { enrolWithDevice } from './callers.ts';
import { recordOf } from './crm.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantOn, invoiceOf, proveCall, refund, type ProvedCall } from './proved-call.ts';

let field: Battlefield;
let agent: Colleague;
let call: ProvedCall;
let grant: string;
let accountNumber: string;
let invoiceId: string;

beforeAll(async () => {
  field = await openCompany();
  const { company, stage } = field;
  agent = await seatFounder(company, 'Ana Ruiz');
  accountNumber = company.accountNumbers[0] ?? '';
  const { phone } = await enrolWithDevice(company, accountNumber);
  call = await proveCall(stage, { agent, customer: phone, accountNumber });
  grant = await grantOn(agent, call.caseId);
  invoiceId = await invoiceOf(agent, grant, accountNumber);
});
afterAll(() => field.close());

const db = () => field.company.server.composition.storage.db;
const rename = (from: string, to: string) =>
  asOwner(field.company.server.composition.storage, (owner) =>
    sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(owner),
  );
const read = () =>
  agent.console.gateway(grant, { method: 'GET', path: `/customers/${accountNumber}` });

/** All is well: the account opens. On a busy machine a fact may come late once, and then is none. */
async function opens(): Promise<void> {
  await expect
    .poll(async () => (await read()).status, { timeout: 15_000, interval: 100 })
    .toBe(200);
}

describe('P7: what is not known opens nothing', () => {
  // Where each fact comes from; without the table its provider fails.
  test.each([
    'proofs',
    'interactions',
    'cases',
    'session_grants',
    'sessions',
    'workforce_staff',
    'customers',
    'decisions',
    'ledger_outbox',
  ])('with %s out of reach, the gateway shows nothing and nothing is widened', async (table) => {
    await opens();
    const gone = `${table}_out_of_reach`;
    await rename(table, gone);
    try {
      const answer = await read();
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(answer.body)).not.toContain(accountNumber);
    } finally {
      await rename(gone, table);
    }
  });

  test('with the PDP silent, the gateway refuses and the guarded system is not asked', async () => {
    await opens();
    const before = await recordOf(field.company, accountNumber);
    const { storage } = field.company.server.composition;
    const silent = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const silence = storage.transaction(async (tx) => {
      // The embedded engine has one connection; a server's others wait for this lock.
      await sql`select 1 from workforce_staff limit 1`.execute(tx);
      if (process.env['PROOFLINE_TEST_DATABASE_URL'])
        await sql`lock table workforce_staff in access exclusive mode`.execute(tx);
      silent.resolve();
      await answered.promise;
    });
    await silent.promise;
    const path = `/customers/${accountNumber}/delivery-preference`;
    const preferences = ['post', 'email', 'portal'];
    const answers = await Promise.all([
      read(),
      ...preferences.map((deliveryPreference) =>
        agent.console.gateway(grant, { method: 'PATCH', path, json: { deliveryPreference } }),
      ),
    ]).finally(answered.resolve);
    await silence;
    for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(400);
    expect(await recordOf(field.company, accountNumber)).toBe(before);
    await opens();
  }, 20_000);

  test('an agent whose own proof has no known age starts no refund', async () => {
    await sql`update sessions set phr_at = null, phrh_at = null where realm = 'workforce'`.execute(
      db(),
    );
    const json = { accountNumber, invoiceId, amountCents: 100, reason: 'billing-error' };
    expect(codeOf(await refund(agent, grant, json))).toMatch(/^access\./);
    await agent.console.signIn({ acr: 'phr', maxAgeSeconds: 0 });
    expect((await refund(agent, grant, json)).status).toBeLessThan(300);
  });

  test('a proof from the future is not fresh: a clock that jumped back widens nothing', async () => {
    const json = { accountNumber, invoiceId, amountCents: 101, reason: 'billing-error' };
    const own = (by: string) =>
      sql`update sessions set phr_at = phr_at + ${by}::interval, phrh_at = phrh_at + ${by}::interval
        where realm = 'workforce'`.execute(db());
    const customers = (by: string) =>
      sql`update proofs set bound_at = bound_at + ${by}::interval`.execute(db());
    for (const move of [own, customers]) {
      await move('1 hour');
      expect(codeOf(await refund(agent, grant, json))).toMatch(/^access\./);
      await move('-1 hour');
    }
  });

  test.each([
    ['an hour ago', -3600],
    ['ten minutes ago', -600],
    ['in ten minutes', 600],
    ['in an hour', 3600],
  ])('a proof of possession made %s is refused at the gateway', async (_, offset) => {
    const url = `${field.company.origins.gateway}/customers/${accountNumber}`;
    const issuedAtSeconds = Math.floor(Date.now() / 1000) + offset;
    const dpop = await agent.console.key.prove({
      method: 'GET',
      url,
      accessToken: grant,
      issuedAtSeconds,
    });
    const headers = { authorization: `DPoP ${grant}`, dpop };
    expect(codeOf(await agent.device.ask(url, { headers }))).toBe('token.proof-invalid');
  });

  test('a colleague who is no longer active is out at once, session and grant with them', async () => {
    const { rows } = await sql<{ subject_id: string; role: string; activated_at: Date }>`
      select subject_id, role, activated_at from workforce_staff
      where employee_number = 'CV-2003'`.execute(db());
    const [ana] = rows;
    await sql`update workforce_staff set state = 'registered', role = null, activated_at = null
      where subject_id = ${ana?.subject_id}`.execute(db());
    expect((await read()).status).toBeGreaterThanOrEqual(400);
    expect(codeOf(await agent.console.api('GET', '/api/self'))).toBe('session.ended');
    await sql`update workforce_staff set state = 'active', role = ${ana?.role},
      activated_at = ${ana?.activated_at} where subject_id = ${ana?.subject_id}`.execute(db());
    // To be active again does not revive what was ended.
    expect(codeOf(await agent.console.api('GET', '/api/self'))).toBe('session.ended');
  });
});
